import { Button, Checkbox, Group, Select, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import type { BoardFigures, ColdLead } from '../../contract/api/board.ts';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { whole } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { useChosen } from '../queue/chosen.ts';
import { MoveBar, MoveDialog } from '../queue/move.tsx';
import css from './board.module.css';
import { BoardRow } from './row.tsx';
import { DAYS } from './words.ts';

const LISTS = ['late', 'hour', 'cold'] as const;
type List = (typeof LISTS)[number];

interface Props {
  readonly days: number;
  readonly team: string | null;
  readonly figures: BoardFigures;
  readonly params: URLSearchParams;
  readonly onSet: (given: Readonly<Record<string, string | null>>) => void;
}

/** The leads behind the board: late, due within the hour, or going cold; one or several are given to others from here. */
export function BoardLeads({ days, team, figures, params, onSet }: Props) {
  const asked = LISTS.find(list => list === params.get('list'));
  const list = asked ?? (figures.late > 0 ? 'late' : figures.soon > 0 ? 'hour' : 'cold');
  const owner = params.get('owner');
  const users = useCall('listUsers', {}, { enabled: owner !== null });
  const name = users.data?.items.find(({ id }) => id === owner)?.name;
  return (
    <Card
      title="Leads to look at"
      side={
        <Group gap="xs">
          {owner === null ? null : (
            <Button
              size="compact-sm"
              variant="light"
              rightSection={<Icon name="cross" size={12} />}
              onClick={() => onSet({ owner: null })}
            >
              Only {name ?? 'one person'}
            </Button>
          )}
          {list === 'cold' ? <DaysChoice days={days} onSet={onSet} /> : null}
        </Group>
      }
    >
      <Tabs value={list} onChange={next => onSet({ list: next })} mb="sm">
        <Tabs.List>
          <Tabs.Tab value="late">Late {owner === null ? whole(figures.late) : ''}</Tabs.Tab>
          <Tabs.Tab value="hour">Within the hour {owner === null ? whole(figures.soon) : ''}</Tabs.Tab>
          <Tabs.Tab value="cold">Going cold {owner === null ? whole(figures.cold) : ''}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {list === 'cold' ? (
        <ColdLeads key={`${team} ${owner}`} days={days} team={team} owner={owner} />
      ) : (
        <DueLeads key={`${list} ${team} ${owner}`} list={list} team={team} owner={owner} />
      )}
    </Card>
  );
}

/** After how many days without anything logged a lead is shown; the address keeps it. */
export function DaysChoice(props: Pick<Props, 'onSet' | 'days'>) {
  const { days, onSet } = props;
  const all = DAYS.some(known => known === String(days)) ? [...DAYS] : [String(days), ...DAYS];
  return (
    <Select
      aria-label="Nothing logged for"
      size="xs"
      w={150}
      allowDeselect={false}
      value={String(days)}
      data={all.map(value => ({ value, label: `Quiet for ${value} days` }))}
      onChange={value => onSet({ days: value === '7' ? null : value })}
    />
  );
}

interface Of {
  readonly team: string | null;
  readonly owner: string | null;
}

function DueLeads({ list, team, owner }: Of & { readonly list: Exclude<List, 'cold'> }) {
  const query = {
    part: 'sales' as const,
    team: team ?? undefined,
    owner: owner ?? undefined,
    ...(list === 'late' ? { overdue: 'yes' as const } : { due: 'hour' as const }),
    limit: 25,
  };
  const pages = usePages({
    key: ['listQueue', query],
    load: (cursor, signal) => call('listQueue', { query: { ...query, cursor } }, signal),
    againMs: 60_000,
  });
  const nothing = list === 'late' ? 'Nothing is late' : 'Nothing is due within the hour';
  return <Listed pages={pages} nothing={nothing} />;
}

function ColdLeads({ days, team, owner }: Of & { readonly days: number }) {
  const query = { days, team: team ?? undefined, owner: owner ?? undefined, limit: 25 };
  const pages = usePages({
    key: ['listColdLeads', query],
    load: (cursor, signal) => call('listColdLeads', { query: { ...query, cursor } }, signal),
  });
  return <Listed pages={pages} nothing={`No accepted lead was quiet for ${days} days`} />;
}

type Pages = Pick<
  ReturnType<
    typeof usePages<
      EpisodeHead | ColdLead,
      { items: readonly (EpisodeHead | ColdLead)[]; nextCursor: string | null }
    >
  >,
  'items' | 'error' | 'first' | 'refetch' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
>;

function Listed({ pages, nothing }: { readonly pages: Pages; readonly nothing: string }) {
  const { items } = pages;
  const chosen = useChosen(items);
  const [given, setGiven] = useState<EpisodeHead | null>(null);
  if (pages.error !== null && items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={4} />;
  if (items.length === 0) return <Empty icon="check" title={nothing} />;
  return (
    <>
      <ul className={css.list}>
        {items.map(lead => (
          <BoardRow
            key={lead.id}
            lead={lead}
            choice={
              <Checkbox
                size="sm"
                aria-label={`Select ${lead.contact.name}`}
                checked={chosen.has(lead.id)}
                disabled={lead.workRefused !== null}
                onChange={() => {}}
                onClick={event => chosen.toggle(lead.id, event.shiftKey)}
              />
            }
            action={
              lead.workRefused === null ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Reassign ${lead.contact.name}`}
                  leftSection={<Icon name="swap" size={13} />}
                  onClick={() => setGiven(lead)}
                >
                  Reassign
                </Button>
              ) : (
                <Text size="xs" c="dimmed">
                  {lead.workRefused}
                </Text>
              )
            }
          />
        ))}
      </ul>
      <More pages={pages} fullWidth mt="sm" />
      <MoveBar leads={chosen.chosen} onClear={chosen.clear} />
      {given === null ? null : (
        <MoveDialog leads={[given]} onClose={() => setGiven(null)} onDone={chosen.clear} />
      )}
    </>
  );
}
