import { Box, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useState } from 'react';
import { figure, listed, signed } from '../../core/text/number.ts';
import { DAY_MS } from '../../core/time/duration.ts';
import { type Names, useNames } from '../agreement/version.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { PickerName } from '../kit/pickername.tsx';
import points from '../kit/points.module.css';
import { Await, Empty, Loading } from '../kit/state.tsx';
import { localText, momentWords } from '../words/time.ts';
import css from './changes.module.css';
import { NO_CHANGE, standingWords } from './changewords.ts';

type Contact = CallOutput<'getContact'>;
type Changes = CallOutput<'getContactChanges'>;
type Line = Changes['lines'][number];

/** The spans to look back over; `handoff` is since the latest one, `date` since a day of the viewer's choice. */
const SPANS = [
  { value: '1', label: '24 hours' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: 'handoff', label: 'Handoff' },
  { value: 'date', label: 'A date' },
] as const;
type Span = (typeof SPANS)[number]['value'];

/** What changed in a score since a time of choice, line by line with its cause. */
export function ChangesPanel({ contact }: { readonly contact: Contact }) {
  const handedOffAt = Math.max(...contact.episodes.map(episode => Date.parse(episode.handedOffAt)));
  const isHandedOff = contact.episodes.length > 0;
  const [since, setSince] = useState(() => Date.now() - 7 * DAY_MS);
  const [span, setSpan] = useState<Span>('7');
  const choose = (next: Span) => {
    setSpan(next);
    if (next === 'handoff') setSince(handedOffAt);
    else if (next !== 'date') setSince(Date.now() - Number(next) * DAY_MS);
  };
  const changes = useCall(
    'getContactChanges',
    { params: { id: contact.id }, query: { since: new Date(since).toISOString() } },
    { keep: true },
  );
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          Since
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="What changed since"
          value={span}
          data={SPANS.filter(({ value }) => isHandedOff || value !== 'handoff')}
          onChange={value => choose(SPANS.find(known => known.value === value)?.value ?? '7')}
        />
        {span === 'date' ? (
          <PickerName name="Since the day">
            {named => (
              <DatePickerInput
                size="xs"
                w={130}
                {...named}
                valueFormat="D MMM YYYY"
                minDate={localText(Date.parse(contact.createdAt)).slice(0, 10)}
                maxDate={localText(Date.now()).slice(0, 10)}
                value={localText(since).slice(0, 10)}
                onChange={value => {
                  if (value !== null) setSince(Date.parse(`${value}T00:00:00`));
                }}
              />
            )}
          </PickerName>
        ) : null}
      </Group>
      <Await query={changes} loading={<Loading rows={5} height={34} />}>
        {data => (
          <div className={css.body} data-stale={changes.isPlaceholderData}>
            <ChangesView changes={data} />
          </div>
        )}
      </Await>
    </Stack>
  );
}

function ChangesView({ changes }: { readonly changes: Changes }) {
  const names = useNames();
  const { from, to, lines } = changes;
  const since = momentWords(Date.parse(from.at));
  const standing = standingWords(changes, names);
  if (lines.length === 0 && standing.length === 0)
    return (
      <Empty icon="clock" title={`${NO_CHANGE} ${since}`}>
        {to.applies
          ? `Every line counts what it did then; the total is ${figure(to.total)}.`
          : 'There is no score.'}
      </Empty>
    );
  return (
    <Stack gap="sm">
      <Summary changes={changes} standing={standing} />
      {lines.length === 0 ? null : <ChangeTable changes={changes} />}
    </Stack>
  );
}

/** The change in a glance: the total before and after, and what else turned. */
function Summary(props: { readonly changes: Changes; readonly standing: readonly string[] }) {
  const { from, to, difference } = props.changes;
  const points = ({ applies, total }: Changes['from']) => (applies ? figure(total) : 'no score');
  return (
    <Box data-testid="change">
      <Text size="md" className="figure">
        From {points(from)} to <b>{points(to)}</b>,{' '}
        <Text component="span" inherit fw={600} c={colorOf(difference)}>
          {difference === 0 ? '±0' : signed(difference)} {Math.abs(difference) === 1 ? 'point' : 'points'}
        </Text>{' '}
        <Text component="span" inherit c="dimmed">
          since {momentWords(Date.parse(from.at))}
        </Text>
      </Text>
      {props.standing.map(words => (
        <Text key={words} c="dimmed">
          {words}
        </Text>
      ))}
    </Box>
  );
}

function colorOf(difference: number): string {
  return difference < 0 ? 'var(--baton-bad)' : difference > 0 ? 'var(--baton-good)' : 'dimmed';
}

function ChangeTable({ changes }: { readonly changes: Changes }) {
  const names = useNames();
  const { from, to, scores, lines, difference } = changes;
  const moved = scores.filter(({ before, after }) => before !== after);
  const sum = listed(
    moved.map(({ label, before, after }) => `${label} ${signed(after - before)}`),
    'and',
  );
  return (
    <Table verticalSpacing={6} horizontalSpacing="xs" aria-label="Lines that changed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Line and cause</Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            Before
          </Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            After
          </Table.Th>
          <Table.Th ta="right">Change</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map(line => (
          <ChangeRow key={`${line.rule} ${line.score} ${line.label}`} line={line} names={names} />
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr className={points.total}>
          <Table.Th scope="row">
            Total{' '}
            <Text component="span" c="dimmed" fw={400}>
              {sum === '' ? '' : `= ${sum}`}
            </Text>
          </Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            {figure(from.total)}
          </Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            {figure(to.total)}
          </Table.Th>
          <Table.Td className={points.points} data-against={difference < 0}>
            {difference === 0 ? '0' : signed(difference)}
          </Table.Td>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

function ChangeRow({ line, names }: { readonly line: Line; readonly names: Names }) {
  const { causes, before, after, difference } = line;
  return (
    <Table.Tr className={css.row} data-rule={line.rule ?? 'clamp'}>
      <Table.Td>
        <Text {...(line.rule === null ? { fs: 'italic' } : {})}>
          {line.label}{' '}
          <Text component="span" size="xs" c="dimmed">
            {names.score(line.score)}
          </Text>
        </Text>
        {causes.map(cause => (
          <Text key={`${cause.kind} ${cause.text}`} c="dimmed">
            {cause.text}
            {causes.length > 1 ? ` (${signed(cause.points)})` : ''}
          </Text>
        ))}
        <Text c="dimmed" hiddenFrom="sm" className="figure">
          from {figure(before)} to {figure(after)}
        </Text>
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm" c="dimmed">
        {figure(before)}
      </Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {figure(after)}
      </Table.Td>
      <Table.Td className={points.points} data-against={difference < 0}>
        {signed(difference)}
      </Table.Td>
    </Table.Tr>
  );
}
