import { Text } from '@mantine/core';
import css from './team.module.css';

/** A bar with its numbers: a value against a bound, and, if given, a mark where it should be. */
export function Meter(props: {
  readonly value: number;
  /** The value at the right end; 0 leaves the bar empty. */
  readonly max: number;
  readonly words: string;
  readonly mark?: number;
  readonly tone?: 'good' | 'soon' | 'plain';
  readonly title?: string;
}) {
  const { value, max, words, mark, tone = 'good', title } = props;
  const at = (of: number) => `${max <= 0 ? 0 : Math.min(100, Math.max(0, (of / max) * 100))}%`;
  return (
    <div title={title}>
      <div className={css.meter} aria-hidden="true">
        <div className={css.fill} data-tone={tone} style={{ width: at(value) }} />
        {mark === undefined ? null : <div className={css.tick} style={{ left: at(mark) }} />}
      </div>
      <Text size="xs" className="figure" lh={1.35}>
        {words}
      </Text>
    </div>
  );
}
