import { Anchor, Table, Text } from '@mantine/core';
import type { AcceptanceReport, AcceptanceRow } from '../../contract/report/report.ts';
import type { Acceptance } from '../../core/report/acceptance.ts';
import { percentWords, whole } from '../../core/text/number.ts';
import { monthWords } from '../words/time.ts';
import { decidedOf, isSmall } from './band.ts';
import css from './chart.module.css';

/** What became of a handoff. */
export type HandoffOutcome = 'accepted' | 'rejected' | 'open';

/** The report's figures by month with their total; every count opens the leads behind it. */
export function MonthTable(props: {
  readonly report: AcceptanceReport;
  readonly onPick: (row: AcceptanceRow | null, outcome: HandoffOutcome | undefined) => void;
}) {
  const { report, onPick } = props;
  const cells = (of: Acceptance, name: string, row: AcceptanceRow | null) => (
    <>
      <Table.Th scope="row">{name}</Table.Th>
      <Count value={of.handedOff} label={`${name}, handed over`} onPick={() => onPick(row, undefined)} />
      <Count value={of.accepted} label={`${name}, accepted`} onPick={() => onPick(row, 'accepted')} />
      <Count value={of.rejected} label={`${name}, rejected`} onPick={() => onPick(row, 'rejected')} />
      <Count value={of.open} label={`${name}, open`} onPick={() => onPick(row, 'open')} />
      <Table.Td ta="right">
        {of.acceptanceRate.value !== null && isSmall(of, report.targets) ? (
          <Text component="span" size="xs" c="dimmed" title={`${decidedOf(of)} decided`}>
            small sample{' '}
          </Text>
        ) : null}
        <Pick
          isEmpty={of.accepted === 0}
          words={percentWords(of.acceptanceRate.value)}
          label={`${name}, acceptance rate`}
          onPick={() => onPick(row, 'accepted')}
        />
      </Table.Td>
      <Table.Td ta="right">
        <Pick
          isEmpty={of.windowRate.n === 0}
          words={percentWords(of.windowRate.value)}
          label={`${name}, accepted in time`}
          onPick={() => onPick(row, 'accepted')}
        />
      </Table.Td>
    </>
  );
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Figures by month" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Month of handoff</Table.Th>
            <Table.Th ta="right">Handed over</Table.Th>
            <Table.Th ta="right">Accepted</Table.Th>
            <Table.Th ta="right">Rejected</Table.Th>
            <Table.Th ta="right">Open</Table.Th>
            <Table.Th ta="right">Acceptance rate</Table.Th>
            <Table.Th ta="right">Accepted in time</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...report.rows].reverse().map(of => (
            <Table.Tr key={of.key}>{cells(of, monthWords(of.key), of)}</Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr className={css.total}>{cells(report.total, 'Whole period', null)}</Table.Tr>
        </Table.Tfoot>
      </Table>
    </Table.ScrollContainer>
  );
}

function Count(props: { readonly value: number; readonly label: string; readonly onPick: () => void }) {
  const { value, label, onPick } = props;
  return (
    <Table.Td ta="right">
      <Pick isEmpty={value === 0} words={whole(value)} label={label} onPick={onPick} />
    </Table.Td>
  );
}

function Pick(props: {
  readonly isEmpty: boolean;
  readonly words: string;
  readonly label: string;
  readonly onPick: () => void;
}) {
  const { isEmpty, words, label, onPick } = props;
  if (isEmpty)
    return (
      <Text component="span" c="dimmed">
        {words}
      </Text>
    );
  return (
    <Anchor
      component="button"
      type="button"
      className={css.figure}
      aria-label={`${label}: ${words}`}
      onClick={onPick}
    >
      {words}
    </Anchor>
  );
}
