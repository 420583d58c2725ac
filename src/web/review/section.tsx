import { Anchor, Stack, Table, Text } from '@mantine/core';
import { percentOf } from '../../core/review/page.ts';
import type { Cell, ReviewSection, ReviewTable } from '../../core/review/review.ts';
import { Card } from '../kit/card.tsx';
import css from './review.module.css';
import { TrendView } from './trend.tsx';

/** What opens the leads that a figure counts. */
export type OnLeads = (figure: { readonly title: string; readonly leads: string }) => void;

/** A part of a review: what was found, how it went, and the figures behind it. */
export function SectionView({ of, onLeads }: { readonly of: ReviewSection; readonly onLeads: OnLeads }) {
  const { title, text, trend, tables, definitions } = of;
  return (
    <Card title={title}>
      <Stack gap="sm">
        {text.length === 0 ? null : (
          <div className={css.text}>
            {text.map(words => (
              <Text key={words}>{words}</Text>
            ))}
          </div>
        )}
        {trend === null ? null : <TrendView trend={trend} />}
        {tables.map(table => (
          <TableView key={table.caption} table={table} onLeads={onLeads} />
        ))}
        {definitions.length === 0 ? null : (
          <details className={css.definitions}>
            <summary>What these figures are</summary>
            <ul>
              {definitions.map(({ id, text: words }) => (
                <li key={id}>{words}</li>
              ))}
            </ul>
          </details>
        )}
      </Stack>
    </Card>
  );
}

function TableView({ table, onLeads }: { readonly table: ReviewTable; readonly onLeads: OnLeads }) {
  const { caption, columns, rows } = table;
  return (
    <Table.ScrollContainer minWidth={columns.length > 4 ? 600 : 320} type="native" tabIndex={0}>
      <Table className={css.table ?? ''} verticalSpacing={6} captionSide="top">
        <Table.Caption className={css.caption ?? ''}>{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ label, isFigure }) => (
              <Table.Th key={label} ta={isFigure ? 'right' : 'left'}>
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are drawn as a whole, and two may be called the same
            <Table.Tr key={row}>
              {cells.map((cell, index) =>
                index === 0 ? (
                  <Table.Th key={columns[index]?.label} scope="row" fw={500}>
                    <Named cell={cell} onOpen={onLeads} caption={caption} />
                  </Table.Th>
                ) : (
                  <Table.Td
                    key={columns[index]?.label}
                    ta={columns[index]?.isFigure === true ? 'right' : 'left'}
                  >
                    <Figured cell={cell} />
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Named(props: { readonly cell: Cell; readonly caption: string; readonly onOpen: OnLeads }) {
  const { cell, caption, onOpen } = props;
  const { text, leads } = cell;
  if (leads === null || leads === '') return text;
  return (
    <Anchor
      component="button"
      type="button"
      ta="left"
      onClick={() => onOpen({ title: `${caption}: ${text}`, leads })}
    >
      {text}
    </Anchor>
  );
}

function Figured({ cell: { text, bar, tone } }: { readonly cell: Cell }) {
  return (
    <>
      <span data-tone={tone} className={css.figure}>
        {text}
      </span>
      {bar === null ? null : (
        <span className={css.bar} aria-hidden>
          <span data-tone={tone} style={{ width: `${percentOf(bar)}%` }} />
        </span>
      )}
    </>
  );
}
