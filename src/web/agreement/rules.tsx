import { Box, Stack, Table, Text } from '@mantine/core';
import type { Agreement, Rule, SumBounds } from '../../core/agreement/agreement.ts';
import { capital, conditionWords } from '../../core/condition/words.ts';
import { figure, signed } from '../../core/text/number.ts';
import { Card } from '../kit/card.tsx';
import { pointsWords, ruleWords } from './rulewords.ts';
import css from './terms.module.css';
import type { ReadVersion } from './version.ts';

/** The rules of an agreement by score: what each looks at and what it gives. */
export function RuleCards({ agreement, spelling }: ReadVersion) {
  return agreement.scores.map(score => (
    <Card
      key={score.id}
      title={score.label}
      side={<Text c="dimmed">{boundsWords(score) ?? 'No bounds'}</Text>}
    >
      <GroupBounds agreement={agreement} score={score.id} />
      <Table verticalSpacing="xs" aria-label={`Rules of ${score.label}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Rule</Table.Th>
            <Table.Th ta="right">Points</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {agreement.rules
            .filter(rule => rule.score === score.id)
            .map(rule => (
              <RuleRow key={rule.id} rule={rule} agreement={agreement} spelling={spelling} />
            ))}
        </Table.Tbody>
      </Table>
    </Card>
  ));
}

function RuleRow({ rule, agreement, spelling }: ReadVersion & { readonly rule: Rule }) {
  const { evidence } = rule;
  const group = agreement.groups.find(({ id }) => id === rule.group);
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>
          {rule.label}
          {group === undefined ? null : (
            <Text component="span" size="xs" c="dimmed" fw={400}>
              {' '}
              in {group.label}
            </Text>
          )}
        </Text>
        <Text c="dimmed">{ruleWords(rule, spelling)}</Text>
        {evidence.kind === 'cases' ? (
          <Stack gap={2} mt={4}>
            {evidence.cases.map(entry => (
              <div
                key={`${entry.label} ${entry.points} ${conditionWords(entry.when, spelling)}`}
                className={css.case}
              >
                <Text c="dimmed">
                  {entry.label === rule.label ? '' : `${entry.label}: `}
                  {conditionWords(entry.when, spelling)}
                </Text>
                <span className={css.points} data-against={entry.points < 0}>
                  {entry.points === 0 ? '0' : signed(entry.points)}
                </span>
              </div>
            ))}
          </Stack>
        ) : null}
      </Table.Td>
      <Table.Td className={css.points} data-against={isAgainst(rule)}>
        {pointsWords(evidence)}
      </Table.Td>
    </Table.Tr>
  );
}

function isAgainst({ evidence }: Rule): boolean {
  return evidence.kind !== 'cases' && evidence.points < 0;
}

function GroupBounds({ agreement, score }: { readonly agreement: Agreement; readonly score: string }) {
  const words = agreement.groups
    .filter(group => group.score === score)
    .map(group => `${group.label}: ${boundsWords(group) ?? 'no bounds'}`);
  if (words.length === 0) return null;
  return (
    <Box mb="xs">
      <Text c="dimmed">Rules that tell the same story are bounded together. {words.join('; ')}.</Text>
    </Box>
  );
}

/** The bounds of a score or group in words; null when it has none. */
function boundsWords({ min, max }: SumBounds): string | null {
  const words = [
    ...(min === null ? [] : [`at least ${figure(min)}`]),
    ...(max === null ? [] : [`at most ${figure(max)}`]),
  ];
  return words.length === 0 ? null : words.join(', ');
}

/** Who the agreement scores at all. */
export function AppliesCard({ agreement, spelling }: ReadVersion) {
  return (
    <Card title="Who is scored">
      <Text>
        {agreement.applies === null
          ? 'Every contact.'
          : `Contacts where ${conditionWords(agreement.applies, spelling)}.`}
      </Text>
      {agreement.description === null ? null : (
        <Text c="dimmed" mt={4}>
          {capital(agreement.description)}
        </Text>
      )}
    </Card>
  );
}
