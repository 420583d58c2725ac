import { Anchor, Button, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Definition } from '../../core/report/answer.ts';
import { intervalWords, rateWords } from '../../core/report/comparison.ts';
import type { Rate } from '../../core/report/rate.ts';
import { counted, whole } from '../../core/text/number.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { Empty } from '../kit/state.tsx';
import css from './chart.module.css';

/** One figure of a row: its words, what it was counted from, and the leads behind it. */
export interface Cell {
  readonly words: string;
  readonly note?: ReactNode;
  readonly leads?: string | undefined;
  /** How strongly it stands out of its table, from 0 to 1. */
  readonly heat?: number | undefined;
}

export interface GridRow {
  readonly key: string;
  readonly label: string;
  readonly cells: readonly Cell[];
}

/** Opens the leads of a figure. */
export type OpenLeads = (title: string, leads: string) => void;

/** Figures in rows, with their total; each that counts leads opens them. */
export function Grid(props: {
  readonly label: string;
  readonly first: string;
  readonly columns: readonly string[];
  readonly rows: readonly GridRow[];
  readonly total?: readonly Cell[];
  readonly onLeads: OpenLeads;
}) {
  const { label, first, columns, rows, total, onLeads } = props;
  return (
    <Table.ScrollContainer minWidth={180 + columns.length * 100}>
      <Table aria-label={label} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{first}</Table.Th>
            {columns.map(column => (
              <Table.Th key={column} ta="right">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={row.key}>
              <Cells {...row} columns={columns} onLeads={onLeads} />
            </Table.Tr>
          ))}
        </Table.Tbody>
        {total === undefined ? null : (
          <Table.Tfoot>
            <Table.Tr className={css.total}>
              <Cells label="All" cells={total} columns={columns} onLeads={onLeads} />
            </Table.Tr>
          </Table.Tfoot>
        )}
      </Table>
    </Table.ScrollContainer>
  );
}

function Cells(props: {
  readonly label: string;
  readonly cells: readonly Cell[];
  readonly columns: readonly string[];
  readonly onLeads: OpenLeads;
}) {
  const { label, cells, columns, onLeads } = props;
  return (
    <>
      <Table.Th scope="row">{label}</Table.Th>
      {cells.map(({ words, note, leads, heat = 0 }, index) => {
        const title = `${label}: ${columns[index]}`;
        return (
          <Table.Td
            key={columns[index]}
            ta="right"
            style={
              heat === 0
                ? {}
                : {
                    background: `color-mix(in srgb, var(--baton-bad) ${Math.round(heat * 30)}%, transparent)`,
                  }
            }
          >
            {leads === undefined ? (
              words
            ) : (
              <Anchor
                component="button"
                type="button"
                className={css.figure}
                aria-label={`${title}, ${words}`}
                onClick={() => onLeads(title, leads)}
              >
                {words}
              </Anchor>
            )}
            {note === undefined ? null : (
              <Text size="xs" c="dimmed">
                {note}
              </Text>
            )}
          </Table.Td>
        );
      })}
    </>
  );
}

/** A count that opens its leads. */
export function countCell(value: number, leads: string): Cell {
  return value === 0 ? { words: '0' } : { words: whole(value), leads };
}

/** A rate with its interval and its cases, which opens the leads counted in it where they can be told. */
export function rateCell(rate: Rate, noun: string, leads?: string): Cell {
  if (rate.value === null) return { words: '–' };
  return {
    words: rateWords(rate),
    note: `${intervalWords(rate)} · ${rate.enough ? '' : 'few: '}${counted(rate.of, noun)}`,
    leads: rate.n === 0 ? undefined : leads,
  };
}

/** What stands in the place of figures where there are no leads. */
export function NothingHandedOver() {
  return (
    <Empty icon="report" title="Nothing was handed over in this period">
      Choose a longer period, or come back when leads have qualified.
    </Empty>
  );
}

/** The range of a report, and what opens the leads of its figures. */
export interface ViewProps {
  readonly query: { readonly from: string; readonly to: string };
  readonly onLeads: OpenLeads;
}

/** A button that saves a report for spreadsheets. */
export function SaveFile({ href }: { readonly href: string }) {
  return (
    <Button
      component="a"
      href={href}
      size="compact-sm"
      variant="default"
      leftSection={<Icon name="download" />}
    >
      CSV
    </Button>
  );
}

/** What the figures of a report are, in words. */
export function Definitions({ of }: { readonly of: readonly Definition[] }) {
  return (
    <Card title="How these figures are counted">
      <Stack gap="xs" maw={860}>
        {of.map(({ id, text }) => (
          <Text key={id}>{text}</Text>
        ))}
      </Stack>
    </Card>
  );
}
