import { Table, Text } from '@mantine/core';
import type { Practice } from '../../core/agreement/agreement.ts';
import { capital, nameWords, type Spelling } from '../../core/condition/words.ts';
import { questionsOf } from '../../core/qualification/question.ts';
import { counted } from '../../core/text/number.ts';
import { dateWords } from '../../core/time/span.ts';
import { Card } from '../kit/card.tsx';
import { Term, Terms } from './terms.tsx';
import {
  alertWords,
  hoursWords,
  outreachWords,
  pipelineWords,
  questionWords,
  reasonWords,
  routeWords,
  slaWords,
  sqlWords,
  type Track,
  targetRows,
  trackWords,
} from './termwords.ts';
import type { ReadVersion } from './version.ts';

/** A part of the practice that the agreement has. */
type Agreed<Name extends keyof Practice> = NonNullable<Practice[Name]>;

/** How leads are given out, worked, decided and judged. */
export function PracticeCards({ agreement, spelling }: ReadVersion) {
  const {
    sql,
    routing,
    calendars,
    sla,
    alerts,
    reasons,
    nurture,
    outreach = [],
    targets,
  } = agreement.practice;
  const tracks = nurture ?? [];
  return (
    <>
      {sla === undefined ? null : <SlaCard sla={sla} calendars={calendars ?? {}} spelling={spelling} />}
      {routing === undefined ? null : <RoutingCard routing={routing} spelling={spelling} />}
      {sql === undefined ? null : <SqlCard sql={sql} />}
      {reasons === undefined ? null : <ReasonsCard reasons={reasons} tracks={tracks} />}
      {alerts === undefined ? null : (
        <Card title="Alerts that go out at once">
          <Terms>
            {alerts.map(entry => (
              <Term key={entry.id} label={entry.label ?? entry.id} lines={alertWords(entry, spelling)} />
            ))}
          </Terms>
        </Card>
      )}
      {outreach.length === 0 ? null : (
        <Card title="What a lead hears at once">
          <Terms>
            {outreach.map(entry => (
              <Term key={entry.id} label={entry.label ?? entry.id} lines={outreachWords(entry, spelling)} />
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
      {targets === undefined ? null : <TargetsCard targets={targets} />}
    </>
  );
}

function SlaCard(props: {
  readonly sla: Agreed<'sla'>;
  readonly calendars: Agreed<'calendars'>;
  readonly spelling: Spelling;
}) {
  const { sla, calendars, spelling } = props;
  return (
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
      {Object.entries(calendars).map(([name, calendar]) => (
        <Text key={name} c="dimmed" mt="sm">
          {`Hours of “${nameWords(name)}”: ${hoursWords(calendar.hours).join('; ')} (${calendar.timezone})`}
          {calendar.holidays === undefined || calendar.holidays.length === 0
            ? '.'
            : `, except on ${counted(calendar.holidays.length, 'holiday')}, the last on ${lastDay(calendar.holidays)}.`}
        </Text>
      ))}
    </Card>
  );
}

function lastDay(days: readonly string[]): string {
  const last = [...days].sort().at(-1) ?? '';
  return dateWords(Date.parse(last));
}

function RoutingCard(props: { readonly routing: Agreed<'routing'>; readonly spelling: Spelling }) {
  const { routing, spelling } = props;
  return (
    <Card title="Who gets a lead">
      <Terms>
        {routing.map((entry, index) => {
          const { when, to } = routeWords(entry, spelling);
          return <Term key={when} label={`${index + 1}. To ${to}`} lines={[when]} />;
        })}
      </Terms>
    </Card>
  );
}

function SqlCard({ sql }: { readonly sql: Agreed<'sql'> }) {
  return (
    <Card title="What makes a lead sales qualified (SQL)">
      <Text mb="sm">{sqlWords(sql)}</Text>
      <Terms>
        {questionsOf(sql).map(question => (
          <Term key={question.id} label={question.label} lines={questionWords(question)} />
        ))}
      </Terms>
      <Text mt="sm">{pipelineWords(sql)}</Text>
    </Card>
  );
}

function ReasonsCard(props: { readonly reasons: Agreed<'reasons'>; readonly tracks: readonly Track[] }) {
  const { reasons, tracks } = props;
  return (
    <Card title="Why sales may say no, and what happens then">
      <Terms>
        {reasons.map(reason => (
          <Term
            key={reason.id}
            label={reason.label ?? reason.id}
            lines={[`${reasonWords(reason, tracks)}${reason.note === 'required' ? ' Needs a note.' : ''}`]}
          />
        ))}
      </Terms>
    </Card>
  );
}

function TargetsCard({ targets }: { readonly targets: Agreed<'targets'> }) {
  return (
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
  );
}
