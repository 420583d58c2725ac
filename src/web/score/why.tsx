import { Box, Group, Stack, Table, Text } from '@mantine/core';
import { Fragment } from 'react';
import type { ScoreLine } from '../../core/scoring/print.ts';
import { counted, figure, signed } from '../../core/text/number.ts';
import type { Names } from '../agreement/version.ts';
import points from '../kit/points.module.css';
import { Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import css from './why.module.css';
import { type Breakdown, clampWords, groupLines, type ScoreGroup } from './words.ts';

/** Why a lead has its score: one sentence, the heaviest lines, then every line with what it adds up to. */
export function Why(props: {
  readonly sentence: string;
  readonly top: readonly ScoreLine[];
  /** Null while it is still on its way. */
  readonly score: Breakdown | null;
  readonly names: Names;
}) {
  const { sentence, top, score, names } = props;
  return (
    <Stack gap="sm">
      <ReasonInShort sentence={sentence} top={top} />
      {score === null ? <Loading rows={6} height={26} /> : <LineTable score={score} names={names} />}
    </Stack>
  );
}

/** The reason at a glance: a sentence and the lines that weigh most. */
export function ReasonInShort(props: { readonly sentence: string; readonly top: readonly PointLine[] }) {
  return (
    <Stack gap="sm">
      <Text size="md" lh={1.45} data-testid="sentence">
        {props.sentence}
      </Text>
      <PointChips lines={props.top} />
    </Stack>
  );
}

/** What a chip shows of a line. */
type PointLine = Pick<ScoreLine, 'rule' | 'label' | 'score' | 'points'>;

/** Lines as chips: the points and what they are for. */
export function PointChips({ lines }: { readonly lines: readonly PointLine[] }) {
  if (lines.length === 0) return null;
  return (
    <Group gap={6}>
      {lines.map(line => (
        <span
          className={css.chip}
          data-against={line.points < 0}
          key={`${line.rule} ${line.score} ${line.label}`}
        >
          <b>{signed(line.points)}</b> {line.label}
        </span>
      ))}
    </Group>
  );
}

/** Every line of a breakdown under its score; the lines of a score add up to it, the scores to the total. */
export function LineTable({ score, names }: { readonly score: Breakdown; readonly names: Names }) {
  const groups = groupLines(score);
  const largest = Math.max(1, ...score.lines.map(line => Math.abs(line.points)));
  const sum = groups.map(group => `${names.score(group.score)} ${figure(group.points)}`).join(' + ');
  return (
    <Table className={css.lines} verticalSpacing={5} horizontalSpacing="xs" aria-label="Lines of the score">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Line</Table.Th>
          <Table.Th visibleFrom="sm">Counted</Table.Th>
          <Table.Th className={css.barHead} aria-hidden="true" />
          <Table.Th ta="right">Points</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map(group => (
          <Fragment key={group.score}>
            <ScoreRow group={group} name={names.score(group.score)} />
            {group.lines.map(line => (
              <LineRow key={`${line.rule} ${line.label}`} {...{ line, group, largest, names }} />
            ))}
          </Fragment>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr className={css.total}>
          <Table.Th scope="row">
            Total <Text component="span" c="dimmed" fw={400}>{`= ${sum}`}</Text>
          </Table.Th>
          <Table.Td visibleFrom="sm" />
          <Table.Td />
          <Table.Th ta="right">{figure(score.total)}</Table.Th>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

function ScoreRow({ group, name }: { readonly group: ScoreGroup; readonly name: string }) {
  const note = group.lines.length === 0 ? 'no line applies' : counted(group.lines.length, 'line');
  return (
    <Table.Tr className={css.score}>
      <Table.Th scope="rowgroup">
        {name}{' '}
        <Text component="span" c="dimmed" fw={400}>
          {note}
        </Text>
      </Table.Th>
      <Table.Td visibleFrom="sm" />
      <Table.Td />
      <Table.Th ta="right">{figure(group.points)}</Table.Th>
    </Table.Tr>
  );
}

function LineRow(props: {
  readonly line: ScoreLine;
  readonly group: ScoreGroup;
  readonly largest: number;
  readonly names: Names;
}) {
  const { line, group, largest, names } = props;
  const isClamp = line.rule === null;
  const evidence = <Evidence line={line} />;
  return (
    <Table.Tr data-rule={line.rule ?? 'clamp'}>
      <Table.Td>
        <Text {...(isClamp ? { fs: 'italic' } : {})}>
          {line.label}
          {isClamp || line.group === undefined ? null : (
            <Text component="span" size="xs" c="dimmed">
              {' '}
              in {names.group(line.group)}
            </Text>
          )}
        </Text>
        {isClamp ? (
          <Text size="xs" c="dimmed">
            {clampWords(line, group.lines)}
          </Text>
        ) : null}
        <Text size="xs" c="dimmed" hiddenFrom="sm" component="div">
          {evidence}
        </Text>
      </Table.Td>
      <Table.Td c="dimmed" visibleFrom="sm" className={css.evidence}>
        {evidence}
      </Table.Td>
      <Table.Td aria-hidden="true">
        <Bar points={line.points} largest={largest} />
      </Table.Td>
      <Table.Td className={points.points} data-against={line.points < 0}>
        {signed(line.points)}
      </Table.Td>
    </Table.Tr>
  );
}

function Evidence({ line }: { readonly line: ScoreLine }) {
  if (line.count === undefined) return null;
  return (
    <>
      {counted(line.count, 'time')}
      {line.lastAt === undefined ? null : (
        <>
          , last <When at={line.lastAt} />
        </>
      )}
    </>
  );
}

function Bar({ points, largest }: { readonly points: number; readonly largest: number }) {
  const width = `${(Math.abs(points) / largest) * 50}%`;
  return (
    <Box className={css.bar}>
      <span data-against={points < 0} style={points < 0 ? { right: '50%', width } : { left: '50%', width }} />
    </Box>
  );
}
