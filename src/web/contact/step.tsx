import { Box, Group, Text } from '@mantine/core';
import { counted, figure, signed } from '../../core/text/number.ts';
import type { Names } from '../agreement/version.ts';
import { PointChips } from '../score/why.tsx';
import { momentWords } from '../words/time.ts';
import css from './trend.module.css';
import type { Step } from './trendwords.ts';

const KIND_WORDS = {
  start: 'Where this chart begins',
  event: 'Something was done',
  profile: 'The profile changed',
  time: 'Time passed',
} as const satisfies Readonly<Record<Step['kind'], string>>;

/** How many changed lines a step shows. */
const MOST_LINES = 8;

/** One step of a score over time: when, how much, what it qualifies for, and the lines that made it. */
export function StepDetail(props: {
  readonly step: Step;
  readonly before: Step | undefined;
  readonly names: Names;
  readonly isOnly: boolean;
}) {
  const { step, before, names, isOnly } = props;
  const { total, lines, qualifies } = step;
  const moved = total === null || before?.total == null ? 0 : total - before.total;
  const more = lines.length - MOST_LINES;
  return (
    <Box className={css.detail} data-testid="step">
      <Group gap="xs" justify="space-between">
        <Text fw={600}>{momentWords(Date.parse(step.at))}</Text>
        <Text c="dimmed" size="xs">
          {isOnly ? 'Nothing changed in this time' : KIND_WORDS[step.kind]}
        </Text>
      </Group>
      <Text className="figure">
        {total === null ? (
          'Not scored'
        ) : (
          <>
            Total <b>{figure(total)}</b>
            {moved === 0 ? '' : ` (${signed(moved)})`}
            <Text component="span" c="dimmed">
              {Object.keys(step.scores).length < 2
                ? ''
                : ` = ${Object.entries(step.scores)
                    .map(([id, points]) => `${names.score(id)} ${figure(points)}`)
                    .join(' + ')}`}
              {step.grade === null ? '' : ` · grade ${step.grade}`}
            </Text>
            {qualifies === null ? null : (
              <Text component="span" c="var(--baton-good)">
                {' '}
                · qualifies: {names.path(qualifies)}
              </Text>
            )}
          </>
        )}
      </Text>
      <Group gap={6} mt={6}>
        <PointChips lines={lines.slice(0, MOST_LINES)} />
        {more > 0 ? (
          <Text size="xs" c="dimmed">
            and {counted(more, 'more line')}
          </Text>
        ) : null}
      </Group>
    </Box>
  );
}
