import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useDocumentTitle, useHotkeys } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { counted, whole } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { Card, PageHead } from '../kit/card.tsx';
import { useNow } from '../kit/clock.ts';
import { KeyButton, KeyHelp, TODAY_KEYS } from '../kit/keys.tsx';
import { phoneLink } from '../kit/link.ts';
import { More } from '../kit/more.tsx';
import { useSelection } from '../kit/selection.ts';
import { Await, Empty, Failed, Loading } from '../kit/state.tsx';
import { OwnWakeups } from '../nurture/wakeups.tsx';
import { useDecisions } from '../queue/decision.tsx';
import { EpisodeDialogs } from '../queue/dialogs.tsx';
import { useReturn } from '../queue/return.ts';
import css from './board.module.css';
import { DayLead } from './daylead.tsx';
import { DaysChoice } from './leads.tsx';
import { BoardRow } from './row.tsx';
import { daysIn, isToday } from './words.ts';

/** How many of a person's leads are shown at once. */
const SHOWN = 25;

/** A rep's day: their leads in the order in which they are due, what comes back today, and what goes cold. */
export function TodayPage() {
  useDocumentTitle('My day · Baton');
  const [params, setParams] = useSearchParams();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const days = daysIn(params.get('days'));
  const setDays = ({ days: value = null }: Readonly<Record<string, string | null>>) =>
    setParams(
      before => {
        const next = new URLSearchParams(before);
        if (value === null) next.delete('days');
        else next.set('days', value);
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <PageHead title="My day" side={<KeyButton onOpen={() => setHelpOpen(true)} />} />
      <Stack gap="md" maw={820}>
        <OwnWakeups />
        <DueLeads isHelpOpen={isHelpOpen} onHelp={() => setHelpOpen(open => !open)} />
        <Returning />
        <GoingCold days={days} onSet={setDays} />
      </Stack>
      <KeyHelp keys={TODAY_KEYS} opened={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </>
  );
}

/** The leads that wait for a call or a decision, the most overdue first; one of them is open, to be worked on at once. */
function DueLeads({ isHelpOpen, onHelp }: { readonly isHelpOpen: boolean; readonly onHelp: () => void }) {
  const query = { owner: 'me', sort: 'due' as const, limit: SHOWN };
  const pages = usePages({
    key: ['listQueue', query],
    load: (cursor, signal) => call('listQueue', { query: { ...query, cursor } }, signal),
  });
  const navigate = useNavigate();
  const { selected, index, select, choose, move, rowRef } = useSelection(pages.items);
  const decisions = useDecisions(choose);
  const [dialog, setDialog] = useState<'snooze' | 'touch' | null>(null);
  const [isLogging, setLogging] = useState(false);
  useReturn(pages.first?.nextReturnAt ?? null);
  const now = useNow();
  const overdue = pages.items.filter(({ due }) => due !== null && Date.parse(due.at) < now).length;
  const goTo = (position: number) => {
    setLogging(false);
    select(position, true);
  };
  const next = () => {
    setLogging(false);
    if (pages.items.length > 1) move(index + 1 < pages.items.length ? 1 : -index);
  };
  const step = (by: number) => {
    setLogging(false);
    move(by);
  };
  const ring = (lead: EpisodeHead | undefined) => {
    if (lead?.phone != null) window.location.assign(phoneLink(lead.phone));
    setLogging(true);
  };
  useHotkeys(
    dialog === null && !isHelpOpen
      ? [
          ['j', () => step(1)],
          ['ArrowDown', () => step(1)],
          ['k', () => step(-1)],
          ['ArrowUp', () => step(-1)],
          ['c', () => ring(selected)],
          ['l', () => setLogging(true)],
          ['s', () => selected !== undefined && setDialog('snooze')],
          ['?', onHelp],
          ['shift+?', onHelp],
        ]
      : [],
  );
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={4} height={90} />;
  const { counts } = pages.first;
  if (pages.items.length === 0)
    return (
      <Empty
        icon="check"
        title="Nothing is due"
        action={
          counts.unassigned > 0 ? (
            <Button component={Link} to="/queue?show=unassigned">
              Show {counted(counts.unassigned, 'lead')} without an owner
            </Button>
          ) : undefined
        }
      >
        Every lead of yours is decided or snoozed.
      </Empty>
    );
  return (
    <section aria-label="Due leads">
      <Text mb="xs" c="dimmed">
        {counted(counts.mine, 'lead')} to work on
        {overdue > 0 ? (
          <Text component="span" c="var(--baton-bad)" fw={600}>
            {' '}
            · {whole(overdue)} overdue
          </Text>
        ) : null}
      </Text>
      <ul className={css.day}>
        {pages.items.map((lead, position) => (
          <DayLead
            key={lead.id}
            lead={lead}
            isOpen={lead.id === selected?.id}
            isLogging={lead.id === selected?.id && isLogging}
            isLast={pages.items.length === 1}
            onOpen={() => goTo(position)}
            onContact={() => void navigate(`/contacts/${lead.contact.id}`)}
            onLogging={setLogging}
            onNext={next}
            onDialog={setDialog}
            ref={rowRef(lead.id)}
          />
        ))}
      </ul>
      <More pages={pages} fullWidth mt="sm" />
      {dialog === null || selected === undefined ? null : (
        <EpisodeDialogs
          open={dialog}
          episode={selected}
          decisions={decisions}
          onClose={() => setDialog(null)}
        />
      )}
    </section>
  );
}

/** The leads that were snoozed and come back today. */
function Returning() {
  const now = useNow();
  const snoozed = useCall('listQueue', { query: { owner: 'me', snoozed: 'yes', limit: 100 } });
  const items = (snoozed.data?.items ?? [])
    .filter(({ snooze }) => snooze !== null && isToday(Date.parse(snooze.until), now))
    .sort((a, b) => Date.parse(a.snooze?.until ?? '') - Date.parse(b.snooze?.until ?? ''));
  if (items.length === 0) return null;
  return (
    <Card title="Back later today">
      <ul className={css.list}>
        {items.map(lead => (
          <BoardRow key={lead.id} lead={lead} withOwner={false} />
        ))}
      </ul>
    </Card>
  );
}

/** One's own accepted leads for which nothing was logged for some days. */
function GoingCold({
  days,
  onSet,
}: {
  readonly days: number;
  readonly onSet: (given: Readonly<Record<string, string | null>>) => void;
}) {
  const cold = useCall('listColdLeads', { query: { owner: 'me', days, limit: 10 } }, { keep: true });
  const [touched, setTouched] = useState<EpisodeHead | null>(null);
  const decisions = useDecisions();
  return (
    <Card title="Going cold" side={<DaysChoice days={days} onSet={onSet} />}>
      <Await query={cold} loading={<Loading rows={2} />}>
        {({ items, count }) =>
          items.length === 0 ? (
            <Text c="dimmed">Something was logged for every accepted lead of yours within {days} days.</Text>
          ) : (
            <>
              <ul className={css.list}>
                {items.map(lead => (
                  <BoardRow
                    key={lead.id}
                    lead={lead}
                    withOwner={false}
                    action={
                      <Group gap="xs">
                        {lead.phone === null ? null : (
                          <Anchor href={phoneLink(lead.phone)} className={css.call ?? ''}>
                            {lead.phone}
                          </Anchor>
                        )}
                        <Button
                          variant="default"
                          aria-label={`Log a touch with ${lead.contact.name}`}
                          onClick={() => setTouched(lead)}
                        >
                          Log
                        </Button>
                      </Group>
                    }
                  />
                ))}
              </ul>
              {count > items.length ? (
                <Text size="sm" c="dimmed" mt="xs">
                  {counted(count - items.length, 'more lead')} after these.
                </Text>
              ) : null}
            </>
          )
        }
      </Await>
      {touched === null ? null : (
        <EpisodeDialogs
          open="touch"
          episode={touched}
          decisions={decisions}
          onClose={() => setTouched(null)}
        />
      )}
    </Card>
  );
}
