import { Box, Group, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Agreement, Grade } from '../../core/agreement/agreement.ts';
import { capital, nameWords } from '../../core/condition/words.ts';
import { figure, listed } from '../../core/text/number.ts';
import { dateWords } from '../../core/time/span.ts';
import { Card } from '../kit/card.tsx';
import { pathWords } from './rulewords.ts';
import css from './terms.module.css';
import {
  alertWords,
  hoursWords,
  reasonWords,
  routeWords,
  slaWords,
  targetRows,
  trackWords,
} from './termwords.ts';
import type { ReadVersion } from './version.ts';

/** A term of the agreement: its name and what it says, a sentence a line. */
function Term({
  label,
  lines,
  side,
}: {
  readonly label: string;
  readonly lines: readonly string[];
  readonly side?: ReactNode;
}) {
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600}>{label}</Text>
        {side}
      </Group>
      {lines.map(line => (
        <Text key={line} c="dimmed">
          {line}
        </Text>
      ))}
    </li>
  );
}

function Terms({ children }: { readonly children: ReactNode }) {
  return <ul className={css.terms}>{children}</ul>;
}

/** When a lead is handed over, who never is, and the grades. */
export function PathCards({ agreement, spelling }: ReadVersion) {
  const { mql, disqualify, grades } = agreement;
  return (
    <>
      <Card title="When a lead is handed over (MQL)">
        {mql.length === 0 ? <Text c="dimmed">No path is agreed: nobody is handed over.</Text> : null}
        <Terms>
          {mql.map((path, index) => (
            <Term key={path.id} label={`${index + 1}. ${path.label}`} lines={pathWords(path, spelling)} />
          ))}
        </Terms>
        {mql.length > 1 ? (
          <Text size="xs" c="dimmed" mt="sm">
            The first one that holds is the reason that sales sees.
          </Text>
        ) : null}
      </Card>
      {disqualify.length === 0 ? null : (
        <Card title="Who is never handed over to new business">
          <Terms>
            {disqualify.map(entry => (
              <Term
                key={entry.id}
                label={entry.label}
                lines={[
                  ...pathWords(entry, spelling),
                  ...(entry.route === null ? [] : [`Goes to ${nameWords(entry.route)} instead.`]),
                ]}
              />
            ))}
          </Terms>
        </Card>
      )}
      {grades.length === 0 ? null : (
        <Card title="Grades">
          <Stack gap={4}>
            {grades.map(grade => (
              <GradeWords key={grade.score} grade={grade} agreement={agreement} />
            ))}
          </Stack>
        </Card>
      )}
    </>
  );
}

function GradeWords({ grade, agreement }: { readonly grade: Grade; readonly agreement: Agreement }) {
  const label = agreement.scores.find(({ id }) => id === grade.score)?.label ?? grade.score;
  const bands = grade.bands.map(({ mark, from }) => `${mark} from ${figure(from)}`);
  return (
    <Text>
      <b>{label}:</b> {listed([...bands, `${grade.below} below that`], 'and')}.
    </Text>
  );
}

/** How leads are given out, worked, decided and judged. */
export function PracticeCards({ agreement, spelling }: ReadVersion) {
  const { sql, routing, calendars, sla, alerts, reasons, nurture, targets } = agreement.practice;
  const tracks = nurture ?? [];
  return (
    <>
      {sla === undefined ? null : (
        <Card title="How fast sales answers">
          <Terms>
            {sla.map(entry => (
              <Term
                key={entry.id}
                label={entry.label ?? capital(nameWords(entry.id))}
                lines={slaWords(entry, spelling)}
              />
            ))}
          </Terms>
          {Object.entries(calendars ?? {}).map(([name, calendar]) => (
            <Text key={name} c="dimmed" mt="sm">
              {`Hours of “${nameWords(name)}”: ${hoursWords(calendar.hours).join('; ')} (${calendar.timezone})`}
              {calendar.holidays === undefined || calendar.holidays.length === 0
                ? '.'
                : `, without ${calendar.holidays.length} holidays, the last of them ${lastDay(calendar.holidays)}.`}
            </Text>
          ))}
        </Card>
      )}
      {routing === undefined ? null : (
        <Card title="Who gets a lead">
          <Terms>
            {routing.map((entry, index) => {
              const { when, to } = routeWords(entry, spelling);
              return <Term key={when} label={`${index + 1}. To ${to}`} lines={[when]} />;
            })}
          </Terms>
        </Card>
      )}
      {sql === undefined ? null : (
        <Card title="What makes a lead sales qualified (SQL)">
          <Text>
            Sales works by {sql.framework.toUpperCase().replace('_', ' ')}
            {sql.require === undefined
              ? '.'
              : `; to accept a lead it has found out ${listed(sql.require.map(nameWords), 'and')}.`}
          </Text>
        </Card>
      )}
      {reasons === undefined ? null : (
        <Card title="Why sales may say no, and what happens then">
          <Terms>
            {reasons.map(reason => (
              <Term
                key={reason.id}
                label={reason.label ?? reason.id}
                lines={[
                  `${reasonWords(reason, tracks)}${reason.note === 'required' ? ' Needs a note.' : ''}`,
                ]}
              />
            ))}
          </Terms>
        </Card>
      )}
      {alerts === undefined ? null : (
        <Card title="What people are told of at once">
          <Terms>
            {alerts.map(entry => (
              <Term key={entry.id} label={entry.label ?? entry.id} lines={alertWords(entry, spelling)} />
            ))}
          </Terms>
        </Card>
      )}
      {tracks.length === 0 ? null : (
        <Card title="What recycled leads get meanwhile">
          <Terms>
            {tracks.map(track => (
              <Term key={track.id} label={track.label ?? track.id} lines={trackWords(track)} />
            ))}
          </Terms>
        </Card>
      )}
      {targets === undefined ? null : (
        <Card title="What both teams promise">
          <Table aria-label="Targets">
            <Table.Tbody>
              {targetRows(targets).map(([label, value]) => (
                <Table.Tr key={label}>
                  <Table.Th scope="row" fw={400}>
                    {label}
                  </Table.Th>
                  <Table.Td ta="right" fw={600}>
                    {value}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
    </>
  );
}

function lastDay(days: readonly string[]): string {
  const last = [...days].sort().at(-1) ?? '';
  return dateWords(Date.parse(last));
}

/** Room for the head that stays on top when a link of the contents is followed. */
export function Anchored({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <Box id={id} style={{ scrollMarginTop: 76 }}>
      <Stack gap="md">{children}</Stack>
    </Box>
  );
}
