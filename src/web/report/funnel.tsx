import { Box, Group, Text } from '@mantine/core';
import type { Leakage } from '../../contract/report/leakage.ts';
import { percentWords, whole } from '../../core/text/number.ts';
import css from './leakage.module.css';
import { fateOf, lossesOf, stepLabel } from './leakagewords.ts';

type Step = Leakage['steps'][number];
type Reason = Step['reasons'][number];

/** The steps from qualifying to a decision as bars: who came through, who is on the way, who was lost, and why. */
export function Funnel({ steps }: { readonly steps: Leakage['steps'] }) {
  const most = Math.max(1, steps[0]?.count ?? 0);
  const all = lossesOf(steps);
  return (
    <>
      <ol className={css.funnel}>
        {steps.map((step, index) => (
          <li key={step.id} className={css.step}>
            <StepBar step={step} most={most} before={steps[index - 1]?.count ?? 0} />
          </li>
        ))}
      </ol>
      <Group gap="md" mt="sm">
        <Key kind="through" label="Came through" />
        <Key kind="pending" label="On its way, in time" />
        {all.late === 0 ? null : <Key kind="late" label="Touched too late, then decided" />}
        {all.agreed === 0 ? null : <Key kind="agreed" label="Closed or sent elsewhere, as agreed" />}
        <Key kind="lost" label="Lost here" />
      </Group>
      <Text size="xs" c="dimmed" mt={6}>
        Every lead is counted once, at the first step it missed: one that was touched too late and then
        decided stands at the touch, not in the last step.
      </Text>
    </>
  );
}

function StepBar(props: { readonly step: Step; readonly most: number; readonly before: number }) {
  const { step, most, before } = props;
  const width = (count: number) => ({ width: `${(count / most) * 100}%` });
  const { lost, late, agreed } = lossesOf([step]);
  return (
    <>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
        <Text fw={600}>{stepLabel(step)}</Text>
        <Text className="figure" ta="right">
          <b>{whole(step.count)}</b>
          <More count={step.pending} words="on its way" />
          <More count={late} words="decided, touched too late" />
          <More count={agreed} words="elsewhere, as agreed" />
          {lost === 0 ? null : (
            <Text component="span" c="var(--baton-bad)" fw={600}>
              {' '}
              · {whole(lost)} lost ({percentWords(before === 0 ? null : lost / before)})
            </Text>
          )}
        </Text>
      </Group>
      <Box className={css.bar} aria-hidden="true">
        <span data-kind="through" style={width(step.count)} />
        <span data-kind="pending" style={width(step.pending)} />
        <span data-kind="late" style={width(late)} />
        <span data-kind="agreed" style={width(agreed)} />
        <span data-kind="lost" style={width(lost)} />
      </Box>
      {step.reasons.length === 0 && step.waiting.length === 0 ? null : (
        <ul className={css.reasons}>
          {step.reasons.map(reason => (
            <ReasonItem key={reason.id} reason={reason} kind={fateOf(reason.id)} />
          ))}
          {step.waiting.map(reason => (
            <ReasonItem key={reason.id} reason={reason} kind="pending" />
          ))}
        </ul>
      )}
    </>
  );
}

function More({ count, words }: { readonly count: number; readonly words: string }) {
  if (count === 0) return null;
  return (
    <Text component="span" c="dimmed">
      {' '}
      · {whole(count)} {words}
    </Text>
  );
}

function ReasonItem({ reason, kind }: { readonly reason: Reason; readonly kind: string }) {
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
