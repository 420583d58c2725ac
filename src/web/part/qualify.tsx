import { Box, Group, Stack, Text } from '@mantine/core';
import type { Path } from '../../core/agreement/agreement.ts';
import type { ReadVersion } from '../agreement.ts';
import { Icon } from '../icon.tsx';
import { listed } from '../number.ts';
import { type Demand, demandsOf } from '../wording/missing.ts';
import { pathWords } from '../wording/rule.ts';
import type { Breakdown } from '../wording/score.ts';

/** Whether a contact qualifies: by which path, or what each path still asks for, or what stands against it. */
export function Qualification({
  score,
  read,
}: {
  readonly score: Breakdown;
  readonly read: ReadVersion | null;
}) {
  if (read === null) return <Text c="dimmed">There is no active agreement.</Text>;
  const { agreement, spelling } = read;
  const against = agreement.disqualify.filter(({ id }) => score.disqualified.includes(id));
  if (score.disqualified.length > 0)
    return (
      <Stack gap="xs">
        <Verdict
          kind="against"
          words={`Disqualified: ${listed(
            score.disqualified.map(id => against.find(entry => entry.id === id)?.label ?? id),
            'and',
          )}`}
        />
        {against.map(entry => (
          <Text key={entry.id} c="dimmed">
            {pathWords(entry, spelling).join('; ')}
          </Text>
        ))}
      </Stack>
    );
  const reason = agreement.mql.find(({ id }) => id === score.qualifies);
  return (
    <Stack gap="sm">
      {score.qualifies === null ? (
        <Verdict kind="open" words="Does not qualify yet. Any one of these would do:" />
      ) : (
        <Verdict kind="for" words={`Qualifies: ${reason?.label ?? score.qualifies}`} />
      )}
      {(reason === undefined ? agreement.mql : [reason]).map(path => (
        <PathDemands
          key={path.id}
          path={path}
          demands={demandsOf(path, score, spelling).map(demand =>
            score.qualifies === null ? demand : { ...demand, standing: 'met' },
          )}
          withLabel={score.qualifies === null}
        />
      ))}
    </Stack>
  );
}

function Verdict({ kind, words }: { readonly kind: 'for' | 'against' | 'open'; readonly words: string }) {
  const color = { for: 'var(--baton-good)', against: 'var(--baton-bad)', open: 'var(--mantine-color-text)' }[
    kind
  ];
  return (
    <Group gap={6} wrap="nowrap" c={color} align="flex-start">
      <Box mt={2}>
        <Icon name={kind === 'for' ? 'check' : kind === 'against' ? 'cross' : 'flag'} size={16} />
      </Box>
      <Text fw={600} c="inherit">
        {words}
      </Text>
    </Group>
  );
}

const MARK = { met: 'check', missing: 'cross', open: 'next' } as const;
const STANDING_WORDS = { met: 'met', missing: 'not met', open: 'to be seen' } as const;

function PathDemands(props: {
  readonly path: Path;
  readonly demands: readonly Demand[];
  readonly withLabel: boolean;
}) {
  const { path, demands, withLabel } = props;
  return (
    <Box>
      {withLabel ? <Text fw={600}>{path.label}</Text> : null}
      <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {demands.map(({ words, standing }) => (
          <Group component="li" key={words} gap={6} wrap="nowrap" align="flex-start" c="dimmed">
            <Box
              mt={3}
              title={STANDING_WORDS[standing]}
              c={
                standing === 'met'
                  ? 'var(--baton-good)'
                  : standing === 'missing'
                    ? 'var(--baton-bad)'
                    : 'dimmed'
              }
            >
              <Icon name={MARK[standing]} size={14} />
            </Box>
            <Text c="dimmed">{words}</Text>
          </Group>
        ))}
      </Stack>
    </Box>
  );
}
