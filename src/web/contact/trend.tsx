import { DAY_MS } from '../../core/time/duration.ts';
import '@mantine/charts/styles.layer.css';
import { Box, Button, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { capital } from '../../core/condition/words.ts';
import { figure } from '../../core/text/number.ts';
import { type Names, useNames } from '../agreement/version.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Await, Empty, Loading } from '../kit/state.tsx';
import { momentWords } from '../words/time.ts';
import css from './trend.module.css';
import { CourseChart } from './trendchart.tsx';
import type { Course } from './trendwords.ts';

type Contact = CallOutput<'getContact'>;

const RANGES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'all', label: 'All' },
  { value: 'active', label: 'Last active' },
] as const;
type Range = (typeof RANGES)[number]['value'];

/** A contact that was silent for longer is first shown when it was last active: the days since then say little. */
const SILENT_DAYS = 90;
/** What is shown after the last activity, to see the score fade. */
const AFTER_DAYS = 30;

/** The score over time as a chart whose every step says what made it, and as a table. */
export function CoursePanel({ contact }: { readonly contact: Contact }) {
  const seen = contact.lastSeenAt === null ? null : Date.parse(contact.lastSeenAt);
  const isSilent = seen !== null && seen < Date.now() - SILENT_DAYS * DAY_MS;
  const [chosen, setChosen] = useState(() => spanOf(isSilent ? 'active' : '90', contact));
  const query = {
    from: new Date(chosen.from).toISOString(),
    to: chosen.to === null ? undefined : new Date(chosen.to).toISOString(),
  };
  const course = useCall('getContactCourse', { params: { id: contact.id }, query }, { keep: true });
  const handoffs = contact.episodes.map(({ handedOffAt }) => Date.parse(handedOffAt));
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        w="max-content"
        aria-label="Time shown"
        value={chosen.range}
        data={RANGES.filter(({ value }) => isSilent || value !== 'active')}
        onChange={value =>
          setChosen(spanOf(RANGES.find(known => known.value === value)?.value ?? 'all', contact))
        }
      />
      <Await query={course} loading={<Loading rows={1} height={360} />}>
        {data => (
          <div className={css.view} data-stale={course.isPlaceholderData}>
            {/* Another course begins at its own latest step. */}
            <CourseView key={data.from} course={data} handoffs={handoffs} />
          </div>
        )}
      </Await>
    </Stack>
  );
}

/** A range of time to show, in epoch ms: never before the contact was first seen; `to` null is now. */
interface Span {
  readonly range: Range;
  readonly from: number;
  readonly to: number | null;
}

function spanOf(range: Range, { createdAt, lastSeenAt }: Contact): Span {
  const created = Date.parse(createdAt);
  const end = range === 'active' && lastSeenAt !== null ? Date.parse(lastSeenAt) : Date.now();
  const days = range === 'active' ? SILENT_DAYS : range === 'all' ? null : Number(range);
  const from = days === null ? created : Math.max(created, end - days * DAY_MS);
  return { range, from, to: range === 'active' ? Math.min(Date.now(), end + AFTER_DAYS * DAY_MS) : null };
}

function CourseView({ course, handoffs }: { readonly course: Course; readonly handoffs: readonly number[] }) {
  const names = useNames();
  const [isTable, { toggle }] = useDisclosure(false);
  const { steps, thinned } = course;
  if (steps.every(({ applies }) => !applies))
    return (
      <Empty icon="report" title="There was no score in this time">
        The agreement leaves this contact out.
      </Empty>
    );
  return (
    <Stack gap="xs">
      <CourseChart course={course} names={names} handoffs={handoffs} />
      {thinned === null ? null : (
        <Text size="xs" c="dimmed">
          {capital(thinned)}.
        </Text>
      )}
      <Box>
        <Button variant="default" size="compact-xs" onClick={toggle} aria-expanded={isTable}>
          {isTable ? 'Hide the table' : 'Show as a table'}
        </Button>
      </Box>
      {isTable ? <StepTable course={course} names={names} /> : null}
    </Stack>
  );
}

function StepTable({ course, names }: { readonly course: Course; readonly names: Names }) {
  return (
    <Box className={css.table}>
      <Table verticalSpacing={5} horizontalSpacing="xs" aria-label="Steps of the score" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>From</Table.Th>
            <Table.Th ta="right">Total</Table.Th>
            <Table.Th>Qualifies</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {course.steps.toReversed().map(step => (
            <Table.Tr key={step.at}>
              <Table.Td className={css.when}>{momentWords(Date.parse(step.at))}</Table.Td>
              <Table.Td ta="right">{step.total === null ? '–' : figure(step.total)}</Table.Td>
              <Table.Td>{step.qualifies === null ? '–' : names.path(step.qualifies)}</Table.Td>
              <Table.Td>{step.why === '' ? '–' : step.why}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
