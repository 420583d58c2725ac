import { Box, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Agreement, Grade } from '../../core/agreement/agreement.ts';
import { nameWords } from '../../core/condition/words.ts';
import { figure, listed } from '../../core/text/number.ts';
import { Card } from '../kit/card.tsx';
import { pathWords } from './rulewords.ts';
import css from './terms.module.css';
import { type ReadVersion, scoreName } from './version.ts';

/** A term of the agreement: its name and what it says, a sentence a line. */
export function Term({
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

/** A list of terms. */
export function Terms({ children }: { readonly children: ReactNode }) {
  return <ul className={css.terms}>{children}</ul>;
}

/** When a lead is handed over, who never is, and the grades. */
export function PathCards({ agreement, spelling }: ReadVersion) {
  const { mql, disqualify, grades } = agreement;
  return (
    <>
      <Card title="When a lead is handed over (MQL)">
        {mql.length === 0 ? (
          <Text c="dimmed">The agreement has no path, so no lead is handed over.</Text>
        ) : null}
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
  const bands = grade.bands.map(({ mark, from }) => `${mark} from ${figure(from)}`);
  return (
    <Text>
      <b>{scoreName(agreement, grade.score)}:</b> {listed([...bands, `${grade.below} below that`], 'and')}.
    </Text>
  );
}

/** Room for the head that stays on top when a link of the contents is followed. */
export function Anchored({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <Box id={id} style={{ scrollMarginTop: 76 }}>
      <Stack gap="md">{children}</Stack>
    </Box>
  );
}
