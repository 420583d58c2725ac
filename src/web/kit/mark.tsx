import { Badge, Box, Text, VisuallyHidden } from '@mantine/core';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import type { Stage } from '../../core/scoring/stage.ts';
import { figure } from '../../core/text/number.ts';
import { Icon } from './icon.tsx';
import css from './mark.module.css';

/** A lead's grade and total together: the figure to look at first. */
export function ScoreMark(props: {
  readonly total: number | null;
  readonly grade: string | null;
  readonly size?: 'sm' | 'lg';
  /** What the mark says beside its figures, such as where the grade comes from. */
  readonly words?: string;
}) {
  const { total, grade } = props;
  const points =
    total === null ? 'not scored' : `${figure(total)} points${grade === null ? '' : `, grade ${grade}`}`;
  const words = props.words ?? points;
  return (
    <Box className={css.score} data-size={props.size ?? 'sm'} title={words} role="img" aria-label={words}>
      <span className={css.total}>{total === null ? '–' : figure(total)}</span>
      {grade === null ? null : <span className={css.grade}>{grade}</span>}
    </Box>
  );
}

/** The score at a handoff and, where it is another one by now, the score now. */
export function ScoreShift(props: {
  readonly then: Score;
  readonly now: Score | null;
  /** Where the grade comes from. */
  readonly words?: string;
  readonly size?: 'sm' | 'lg';
}) {
  const { then, now, words } = props;
  const isSame = now === null || (now.total === then.total && now.grade === then.grade);
  const current = now ?? then;
  const more = words === undefined ? {} : { words };
  const size = props.size === undefined ? {} : { size: props.size };
  if (isSame) return <ScoreMark {...current} {...more} {...size} />;
  const before = `${figure(then.total)}${then.grade === null ? '' : ` ${then.grade}`}`;
  return (
    <Box component="span" className={css.shift}>
      <Text component="span" size="xs" c="dimmed" title="The score at the handoff">
        <VisuallyHidden>At the handoff </VisuallyHidden>
        {before}
        <VisuallyHidden>, now </VisuallyHidden>
      </Text>
      <Text component="span" c="dimmed" aria-hidden="true" lh={0}>
        <Icon name="next" size={12} />
      </Text>
      <ScoreMark {...current} {...more} {...size} />
    </Box>
  );
}

interface Score {
  readonly total: number;
  readonly grade: string | null;
}

const STAGE: Readonly<Record<Stage, readonly [string, string]>> = {
  lead: ['Lead', 'gray'],
  mql: ['MQL', 'amber'],
  sql: ['SQL', 'pine'],
  opportunity: ['Opportunity', 'pine'],
  customer: ['Customer', 'pine'],
  nurture: ['Nurture', 'gray'],
  disqualified: ['Disqualified', 'brick'],
};

/** A stage in words. @example stageWords('mql') // 'MQL' */
export function stageWords(stage: Stage): string {
  return STAGE[stage][0];
}

/** The lifecycle stage of a contact. */
export function StageBadge({ stage }: { readonly stage: Stage }) {
  const [words, color] = STAGE[stage];
  return (
    <Badge color={color} variant="light">
      {words}
    </Badge>
  );
}

const STATE: Readonly<Record<EpisodeHead['state'], readonly [string, string]>> = {
  open: ['Open', 'amber'],
  accepted: ['Accepted', 'pine'],
  opportunity: ['Opportunity', 'pine'],
  won: ['Won', 'pine'],
  lost: ['Lost', 'gray'],
  recycled: ['Recycled', 'gray'],
  handled: ['Done with', 'gray'],
  disqualified: ['Disqualified', 'brick'],
};

/** How an episode stands. */
export function EpisodeBadge({ state }: { readonly state: EpisodeHead['state'] }) {
  const [words, color] = STATE[state];
  return (
    <Badge color={color} variant="light">
      {words}
    </Badge>
  );
}

/** Words in small dim capitals that name what stands below. */
export function Overline({ children }: { readonly children: string }) {
  return (
    <Text size="xs" fw={600} c="dimmed" tt="uppercase" lts={0.4}>
      {children}
    </Text>
  );
}
