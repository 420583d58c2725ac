import '@mantine/dates/styles.layer.css';
import { Button, Tabs, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { counted, whole } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { PageHead } from '../kit/card.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { NEW_TEAM, TeamDialog } from './form.tsx';
import { Ledger } from './ledger.tsx';
import { Roster } from './roster.tsx';
import { WhatIf } from './whatif.tsx';

const VIEWS = ['members', 'whatif', 'ledger'] as const;
type View = (typeof VIEWS)[number];
const VIEW_WORDS: Readonly<Record<View, string>> = {
  members: 'Members',
  whatif: 'What if',
  ledger: 'Who got what',
};
/** People start and end their day without an event: the page asks again once a minute. */
const AGAIN_MS = 60_000;

/** The teams: who can be given a lead now, how much each has and got, what would be if, and who got which lead. */
export function TeamPage() {
  useDocumentTitle('Team · Baton');
  const [params, setParams] = useSearchParams();
  const teams = useCall('listTeams', {}, { againMs: () => AGAIN_MS });
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const shown = VIEWS.filter(view => view !== 'whatif' || may('askWhatIf'));
  const view = shown.find(known => known === params.get('show')) ?? 'members';
  return (
    <>
      <PageHead
        title="Team"
        side={may('saveTeam') ? <Button onClick={() => setMaking(true)}>Make a team</Button> : null}
      >
        {teams.data === undefined ? null : <Text c="dimmed">{headWords(teams.data)}</Text>}
      </PageHead>
      <Tabs value={view} onChange={next => setParams({ show: next ?? 'members' }, { replace: true })} mb="md">
        <Tabs.List>
          {shown.map(name => (
            <Tabs.Tab key={name} value={name}>
              {VIEW_WORDS[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <Await query={teams} loading={<Loading rows={4} height={120} />}>
        {answer =>
          view === 'members' ? (
            <Roster answer={answer} />
          ) : view === 'whatif' ? (
            <WhatIf teams={answer.items} />
          ) : (
            <Ledger teams={answer.items} />
          )
        }
      </Await>
      {isMaking ? <TeamDialog team={NEW_TEAM} isNew onClose={() => setMaking(false)} /> : null}
    </>
  );
}

function headWords({ items }: CallOutput<'listTeams'>): string {
  const members = items.flatMap(team => team.members);
  const people = new Set(members.map(({ userId }) => userId));
  if (people.size === 0) return '';
  const available = members.filter(({ attendance }) => attendance.state === 'available');
  const there = new Set(available.map(({ userId }) => userId)).size;
  const waiting = items.reduce((sum, team) => sum + team.waiting, 0);
  const words = `${whole(there)} of ${counted(people.size, 'person', 'people')} can take a lead now`;
  return waiting === 0 ? words : `${words}; ${counted(waiting, 'lead')} ${waiting === 1 ? 'waits' : 'wait'}`;
}
