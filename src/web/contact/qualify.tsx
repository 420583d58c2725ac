import { Box, Group, Progress, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { capital } from '../../core/condition/words.ts';
import { counted, figure } from '../../core/text/number.ts';
import { pathWords } from '../agreement/rulewords.ts';
import type { ReadVersion } from '../agreement/version.ts';
import type { CallOutput } from '../client/client.ts';
import { Icon, type IconName } from '../kit/icon.tsx';
import { Overline } from '../kit/mark.tsx';
import css from './qualify.module.css';

type Missing = NonNullable<CallOutput<'getContact'>['missing']>;
type MissingPath = Missing['paths'][number];

/** By which path a contact qualifies, with all that the path asks for. */
export function Qualified({ path, read }: { readonly path: string; readonly read: ReadVersion | null }) {
  const reason = read?.agreement.mql.find(({ id }) => id === path);
  const demands = read === null || reason === undefined ? [] : pathWords(reason, read.spelling);
  return (
    <Stack gap="xs">
      <Verdict kind="for" words={`Qualifies: ${reason?.label ?? path}`} />
      <ul className={css.list}>
        {demands.map(words => (
          <Item key={words} icon="check" kind="for" words={words} />
        ))}
      </ul>
    </Stack>
  );
}

/** What a contact lacks to qualify: what disqualifies it first, then the nearest path in full, the others in a line. */
export function Lacking(props: { readonly missing: Missing; readonly hasQualified: boolean }) {
  const { disqualified, paths } = props.missing;
  const [nearest, ...others] = paths;
  const isOut = disqualified.length > 0;
  return (
    <Stack gap="sm">
      {isOut ? (
        <Stack gap={6}>
          {disqualified.map(({ id, label, text }) => (
            <Box key={id}>
              <Verdict kind="against" words={`Disqualified: ${label}`} />
              <Text ml={22}>{capital(text)}</Text>
            </Box>
          ))}
          <Text size="xs" c="dimmed" ml={22}>
            Nothing else helps while this holds.
          </Text>
        </Stack>
      ) : (
        <Verdict kind="open" words={`Does not qualify ${props.hasQualified ? 'now' : 'yet'}`} />
      )}
      {nearest === undefined ? null : <NearestPath path={nearest} isAlone={others.length === 0} />}
      <OtherPaths paths={others} />
    </Stack>
  );
}

/** Values of a profile that no rule can read, so that somebody mends them. */
export function Unreadable({ values }: { readonly values: CallOutput<'getContact'>['unreadable'] }) {
  if (values.length === 0) return null;
  return (
    <Box mt="sm">
      <Overline>Cannot be read</Overline>
      <ul className={css.list}>
        {values.map(({ field, text }) => (
          <Item key={field} icon="warning" kind="open" words={text} />
        ))}
      </ul>
    </Box>
  );
}

const VERDICT = {
  for: ['check', 'var(--baton-good)'],
  against: ['cross', 'var(--baton-bad)'],
  open: ['flag', 'var(--mantine-color-text)'],
} as const satisfies Readonly<Record<string, readonly [IconName, string]>>;
type Kind = keyof typeof VERDICT;

function Verdict({ kind, words }: { readonly kind: Kind; readonly words: string }) {
  const [icon, color] = VERDICT[kind];
  return (
    <Group gap={6} wrap="nowrap" c={color} align="flex-start">
      <Box mt={2}>
        <Icon name={icon} size={16} />
      </Box>
      <Text fw={600} c="inherit">
        {words}
      </Text>
    </Group>
  );
}

function NearestPath({ path, isAlone }: { readonly path: MissingPath; readonly isAlone: boolean }) {
  const { label, points, evidence, conditions, ways, reachable } = path;
  const isMet = points.length + conditions.length === 0 && evidence === null;
  return (
    <Stack gap={10} data-testid="nearest">
      <Box>
        <Overline>{isAlone ? 'The way to qualify' : 'Nearest way to qualify'}</Overline>
        <Text fw={600}>{label}</Text>
      </Box>
      {isMet ? <Text c="dimmed">Nothing is missing on this path.</Text> : null}
      {points.map(short => (
        <Short key={short.score ?? 'total'} short={short} />
      ))}
      <ul className={css.list}>
        {evidence === null ? null : (
          <Item
            icon="cross"
            kind="against"
            words={`Not yet: ${evidence.words}`}
            note={
              evidence.times === 1 ? null : `${evidence.did} of ${counted(evidence.times, 'time')} so far`
            }
          />
        )}
        {conditions.map(({ words, is, field }) => (
          <Item
            key={words}
            icon="cross"
            kind="against"
            words={`Asked for: ${words}`}
            note={field === null ? null : is === null ? 'not known' : `is ${is}`}
          />
        ))}
      </ul>
      {reachable ? null : (
        <Text size="xs" c="var(--baton-soon)">
          The agreement’s own caps keep the score below this, whatever happens.
        </Text>
      )}
      {ways.length === 0 ? null : <Ways ways={ways} />}
    </Stack>
  );
}

/** How far a score is from what a path asks: a bar, and the points still short. */
function Short({ short }: { readonly short: MissingPath['points'][number] }) {
  const { label, is, needed, settled } = short;
  const share = needed <= 0 ? 0 : Math.min(100, Math.max(0, (is / needed) * 100));
  return (
    <Box>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline">
        <Text>
          {label}{' '}
          <Text component="span" c="dimmed" className="figure">
            {figure(is)} of {figure(needed)}
          </Text>
        </Text>
        <Text fw={600} c="var(--baton-bad)" className={css.short}>
          {counted(short.short, 'point')} short
        </Text>
      </Group>
      <Progress value={share} size={5} mt={4} color="pine.5" aria-hidden="true" />
      {settled ? (
        <Text size="xs" c="dimmed" mt={4}>
          Only a change in the profile could give that.
        </Text>
      ) : null}
    </Box>
  );
}

function Ways({ ways }: { readonly ways: MissingPath['ways'] }) {
  const isEachEnough = ways.every(({ closes }) => closes);
  return (
    <Box>
      <Text size="xs" c="dimmed" mb={4}>
        {isEachEnough && ways.length > 1
          ? 'Each of these alone gives the points'
          : 'What could give the points'}
      </Text>
      <ul className={css.list}>
        {ways.map(({ rule, text, closes }) => (
          <Item
            key={rule}
            icon="next"
            kind="for"
            words={text}
            note={closes && !isEachEnough ? 'gives all of them' : null}
          />
        ))}
      </ul>
    </Box>
  );
}

/** How many further paths are shown without asking. */
const SHOWN_PATHS = 2;

function OtherPaths({ paths }: { readonly paths: readonly MissingPath[] }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  if (paths.length === 0) return null;
  const hidden = paths.length - SHOWN_PATHS;
  return (
    <Stack gap={8} className={css.others}>
      <Overline>Or</Overline>
      {(isOpen ? paths : paths.slice(0, SHOWN_PATHS)).map(({ id, label, text }) => (
        <Box key={id}>
          <Text fw={600}>{label}</Text>
          <Text c="dimmed">{capital(text)}</Text>
        </Box>
      ))}
      {hidden <= 0 ? null : (
        <UnstyledButton onClick={toggle} aria-expanded={isOpen} className={css.more}>
          {isOpen ? 'Show fewer' : `Show ${counted(hidden, 'more path')}`}
        </UnstyledButton>
      )}
    </Stack>
  );
}

function Item(props: {
  readonly icon: IconName;
  readonly kind: Kind;
  readonly words: string;
  readonly note?: string | null;
}) {
  return (
    <li className={css.item}>
      <Box c={VERDICT[props.kind][1]} mt={3}>
        <Icon name={props.icon} size={14} />
      </Box>
      <Box style={{ minWidth: 0 }}>
        <Text>{props.words}</Text>
        {props.note == null ? null : <Text c="dimmed">{props.note}</Text>}
      </Box>
    </li>
  );
}
