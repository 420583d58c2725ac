import { Box, Group, Text } from '@mantine/core';
import type { Leakage } from '../../contract/leakage.ts';
import { percent, whole } from '../../core/number.ts';
import css from './leakage.module.css';

type Step = Leakage['steps'][number];
type Reason = Step['reasons'][number];

/** The steps from qualifying to a decision as bars: who came through, who is on the way, who was lost, and why. */
export function Funnel({ steps }: { readonly steps: Leakage['steps'] }) {
  const most = Math.max(1, steps[0]?.count ?? 0);
  return (
    <>
      <ol className={css.funnel}>
        {steps.map(step => (
          <li key={step.id} className={css.step}>
            <StepBar step={step} most={most} />
          </li>
        ))}
      </ol>
      <Group gap="md" mt="sm">
        <Key kind="through" label="Came through" />
        <Key kind="pending" label="On its way, in time" />
        <Key kind="lost" label="Lost here" />
      </Group>
    </>
  );
}

function StepBar({ step, most }: { readonly step: Step; readonly most: number }) {
  const width = (count: number) => ({ width: `${(count / most) * 100}%` });
  return (
    <>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
        <Text fw={600}>{step.label}</Text>
        <Text className="figure">
          <b>{whole(step.count)}</b>
          {step.pending === 0 ? null : (
            <Text component="span" c="dimmed">
              {' '}
              · {whole(step.pending)} on its way
            </Text>
          )}
          {step.lost === 0 ? null : (
            <Text component="span" c="var(--baton-bad)" fw={600}>
              {' '}
              · {whole(step.lost)} lost ({percent(step.lossRate)})
            </Text>
          )}
        </Text>
      </Group>
      <Box className={css.bar} aria-hidden="true">
        <span data-kind="through" style={width(step.count)} />
        <span data-kind="pending" style={width(step.pending)} />
        <span data-kind="lost" style={width(step.lost)} />
      </Box>
      {step.reasons.length === 0 && step.waiting.length === 0 ? null : (
        <ul className={css.reasons}>
          {step.reasons.map(reason => (
            <ReasonItem key={reason.id} reason={reason} kind="lost" />
          ))}
          {step.waiting.map(reason => (
            <ReasonItem key={reason.id} reason={reason} kind="pending" />
          ))}
        </ul>
      )}
    </>
  );
}

function ReasonItem({ reason, kind }: { readonly reason: Reason; readonly kind: 'lost' | 'pending' }) {
  return (
    <li data-kind={kind}>
      <b>{whole(reason.count)}</b> {reason.label}
    </li>
  );
}

function Key({ kind, label }: { readonly kind: string; readonly label: string }) {
  return (
    <Text size="xs" c="dimmed">
      <span className={css.swatch} data-kind={kind} /> {label}
    </Text>
  );
}
