import { Group, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AcceptanceReport } from '../../contract/report/report.ts';
import { counted, percentWords, whole } from '../../core/text/number.ts';
import { Icon } from '../kit/icon.tsx';
import { judge, type Verdict } from './band.ts';
import css from './chart.module.css';
import type { HandoffOutcome } from './monthtable.tsx';

const COLOR: Readonly<Record<Verdict['kind'], string>> = {
  within: 'var(--baton-good)',
  below: 'var(--baton-bad)',
  above: 'var(--baton-soon)',
  small: 'var(--mantine-color-dimmed)',
  none: 'var(--mantine-color-dimmed)',
};

/** The four figures of a period; each opens the leads behind it. */
export function Kpis({
  report,
  onPick,
}: {
  readonly report: AcceptanceReport;
  readonly onPick: (of: HandoffOutcome | undefined) => void;
}) {
  const { total, targets } = report;
  const verdict = judge(total, targets);
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
      <Kpi
        label="Sales acceptance rate"
        value={percentWords(total.acceptanceRate.value)}
        onPick={() => onPick('accepted')}
      >
        <Group gap={4} wrap="nowrap" align="flex-start" c={COLOR[verdict.kind]}>
          <span style={{ marginTop: 2 }}>
            <Icon name={verdict.kind === 'within' ? 'check' : 'warning'} size={14} />
          </span>
          <Text size="xs" c="inherit" fw={600}>
            {verdict.words}
          </Text>
        </Group>
      </Kpi>
      <Kpi
        label="Accepted in time"
        value={percentWords(total.windowRate.value)}
        onPick={() => onPick('accepted')}
      >
        {total.windowRate.of === 0
          ? 'No lead’s time for a decision is over, or the agreement sets none.'
          : `${whole(total.windowRate.n)} of ${counted(total.windowRate.of, 'lead')} whose time for a decision is over.`}
      </Kpi>
      <Kpi label="Rejected" value={whole(total.rejected)} onPick={() => onPick('rejected')}>
        Each with a reason from the agreement.
      </Kpi>
      <Kpi label="Waiting for a decision" value={whole(total.open)} onPick={() => onPick('open')}>
        Not part of the acceptance rate yet.
      </Kpi>
    </SimpleGrid>
  );
}

function Kpi(props: {
  readonly label: string;
  readonly value: string;
  readonly onPick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <UnstyledButton className={css.kpi} onClick={props.onPick}>
      <Text c="dimmed" fw={600}>
        {props.label}
      </Text>
      <div className={css.value}>{props.value}</div>
      <Text size="xs" c="dimmed" component="div" mt={4}>
        {props.children}
      </Text>
    </UnstyledButton>
  );
}
