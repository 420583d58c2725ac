import { Alert, Box, Stack, Text } from '@mantine/core';
import { capital, nameWords } from '../../core/condition/words.ts';
import { type CallOutput, call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { More } from '../kit/more.tsx';
import { When } from '../kit/when.tsx';

type Letters = CallOutput<'listLetters'>;
type Letter = Letters['items'][number];
type Stop = Letters['stops'][number];

/** The mails to a lead, and what keeps further ones from it; nothing at all where there is neither. */
export function LettersCard({ contactId }: { readonly contactId: string }) {
  const pages = usePages({
    key: ['listLetters', { params: { id: contactId } }],
    load: (cursor, signal) =>
      call('listLetters', { params: { id: contactId }, query: { limit: 10, cursor } }, signal),
  });
  const { first } = pages;
  if (first === undefined || (pages.items.length === 0 && first.stops.length === 0 && first.field === null))
    return null;
  return (
    <Card title="Mail to this lead">
      <Stack gap="sm">
        <Wish letters={first} />
        {pages.items.map(letter => (
          <LetterLine key={letter.id} letter={letter} />
        ))}
        <More pages={pages} />
      </Stack>
    </Card>
  );
}

function Wish({ letters: { refusal, field, stops } }: { readonly letters: Letters }) {
  const ended = stops.filter(({ endedAt }) => endedAt !== null);
  return (
    <>
      {refusal === null ? null : (
        <Alert color="amber" title={`No more mail goes out: ${refusal.words.toLowerCase()}`}>
          {field === null ? null : <Text size="sm">The profile says so: {field}</Text>}
          {stops
            .filter(({ endedAt }) => endedAt === null)
            .map(stop => (
              <StopLine key={stop.id} stop={stop} />
            ))}
        </Alert>
      )}
      {ended.map(stop => (
        <StopLine key={stop.id} stop={stop} />
      ))}
    </>
  );
}

function StopLine({ stop }: { readonly stop: Stop }) {
  const { kind, address, detail, at, by, endedAt, endedBy } = stop;
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {kind === 'opted_out' ? 'Opted out ' : 'Came back '}
      <When at={at} />
      {`, by ${by}${detail === null ? '' : ` (${detail})`}${address === null ? '' : `, for ${address}`}`}
      {endedAt === null ? null : (
        <>
          {'; taken back '}
          <When at={endedAt} />
          {endedBy === null ? '' : ` by ${endedBy}`}
        </>
      )}
    </Text>
  );
}

function LetterLine({ letter }: { readonly letter: Letter }) {
  const { subject, template, entry, text } = letter;
  return (
    <Box>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {subject ?? capital(nameWords(template ?? entry))}
      </Text>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        <State letter={letter} />
      </Text>
      {text === null ? null : (
        <details>
          <summary style={{ cursor: 'pointer', paddingBlock: 4 }}>What it said</summary>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {text}
          </Text>
        </details>
      )}
    </Box>
  );
}

function State({ letter }: { readonly letter: Letter }) {
  const { state, owner, endedAt, notBefore, reason, template, address } = letter;
  const name = owner === null ? 'in the company’s name' : `in the name of ${owner}`;
  switch (state) {
    case 'waiting':
      return (
        <>
          {`Waits to be sent ${name}, from `}
          <When at={notBefore} />
        </>
      );
    case 'sent':
      return (
        <>
          {template === null
            ? 'Other software was told '
            : `Sent ${name}${address === null ? '' : ` to ${address}`} `}
          <When at={endedAt ?? notBefore} />
        </>
      );
    default:
      return (
        <>
          {`Not sent: ${reason ?? 'it was refused'}, `}
          <When at={endedAt ?? notBefore} />
        </>
      );
  }
}
