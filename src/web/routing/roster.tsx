import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { TeamView } from '../../contract/api/team.ts';
import { teamName } from '../../core/text/name.ts';
import { counted, listed } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';
import { useMay } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { Empty } from '../kit/state.tsx';
import { TeamDialog } from './form.tsx';
import { MemberHeads, MemberRow } from './member.tsx';
import css from './team.module.css';
import { sharesOf } from './teamwords.ts';

/** Every team with its members, and what is wrong with the teams. */
export function Roster({ answer }: { readonly answer: CallOutput<'listTeams'> }) {
  const { items, unknownTeams } = answer;
  const may = useMay();
  return (
    <Stack gap="md">
      {unknownTeams.length === 0 ? null : <UnknownTeams names={unknownTeams} />}
      {items.length === 0 && unknownTeams.length === 0 ? (
        <Empty icon="team" title="No teams yet">
          {may('saveTeam')
            ? 'The agreement gives leads to teams by name. Make a team with the button above and put people in.'
            : 'A sales manager or an admin makes the teams that the agreement gives leads to.'}
        </Empty>
      ) : null}
      {items.map(team => (
        <TeamCard key={team.name} team={team} />
      ))}
      {items.length === 0 ? null : (
        <Text size="xs" c="dimmed">
          <span className={css.legend} />
          Where the bar would end if the leads of 30 days had been split by weight alone. Leave, limits and
          working hours move people away from it.
        </Text>
      )}
    </Stack>
  );
}

/** Teams that the agreement gives leads to and that do not exist: their leads wait. */
function UnknownTeams({ names }: { readonly names: readonly string[] }) {
  const may = useMay();
  const [made, setMade] = useState<string | null>(null);
  const words = listed(
    names.map(name => `“${name}”`),
    'and',
  );
  return (
    <Alert
      color="amber"
      variant="light"
      icon={<Icon name="warning" />}
      title={
        names.length === 1
          ? `The agreement gives leads to the team ${words}, which does not exist`
          : `The agreement gives leads to the teams ${words}, which do not exist`
      }
    >
      <Stack gap="xs" align="flex-start">
        <Text>Leads for {names.length === 1 ? 'it' : 'them'} wait among the exceptions until then.</Text>
        {may('saveTeam') ? (
          <Group gap="xs">
            {names.map(name => (
              <Button key={name} size="xs" variant="default" onClick={() => setMade(name)}>
                Make {teamName(name)}
              </Button>
            ))}
          </Group>
        ) : null}
      </Stack>
      {made === null ? null : (
        <TeamDialog
          team={{ name: made, label: teamName(made) }}
          isNew
          isNamed
          onClose={() => setMade(null)}
        />
      )}
    </Alert>
  );
}

function TeamCard({ team }: { readonly team: TeamView }) {
  const [isEditing, setEditing] = useState(false);
  const shares = sharesOf(team.members);
  const most = Math.max(0, ...[...shares.values()].flatMap(({ got, fair }) => [got, fair]));
  const isWeighted = new Set(team.members.map(({ weight }) => weight)).size > 1;
  return (
    <Card
      title={team.label}
      side={
        team.changeRefused === null ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Change the team ${team.label}`}
            onClick={() => setEditing(true)}
          >
            Change
          </Button>
        ) : null
      }
    >
      <TeamFacts team={team} />
      {team.warnings.map(words => (
        <Alert key={words} color="amber" variant="light" mb="sm" py="xs" icon={<Icon name="warning" />}>
          {words}
        </Alert>
      ))}
      {team.members.length === 0 ? (
        team.warnings.length > 0 ? null : (
          <Text c="dimmed">Nobody is in it yet.</Text>
        )
      ) : (
        <>
          <MemberHeads />
          <ul className={css.rows} aria-label={`Members of ${team.label}`}>
            {team.members.map(member => (
              <MemberRow
                key={member.userId}
                member={member}
                share={shares.get(member.userId)}
                most={most}
                isWeighted={isWeighted}
                others={team.members.filter(other => other !== member).map(({ openLeads }) => openLeads)}
              />
            ))}
          </ul>
        </>
      )}
      {isEditing ? <TeamDialog team={team} onClose={() => setEditing(false)} /> : null}
    </Card>
  );
}

function TeamFacts({ team }: { readonly team: TeamView }) {
  const { manager, slackChannel, waiting, inUse } = team;
  return (
    <Group gap="xs" mb="sm" mt={-4}>
      <Text c="dimmed" component="span">
        {manager === null ? 'No manager' : `Managed by ${manager.name}`}
        {slackChannel === null ? '' : ` · Slack #${slackChannel.replace(/^#/, '')}`}
        {inUse ? '' : ' · the agreement gives it no leads'}
      </Text>
      {waiting === 0 ? null : (
        <Badge
          component={Link}
          to="/queue?show=unassigned"
          color="amber"
          variant="light"
          style={{ cursor: 'pointer' }}
        >
          {counted(waiting, 'lead')} {waiting === 1 ? 'waits' : 'wait'} without an owner
        </Badge>
      )}
    </Group>
  );
}
