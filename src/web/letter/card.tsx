import { Alert, Box, Stack, Text } from '@mantine/core';
import { useLocation } from 'react-router';
import { type CallOutput, call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { More } from '../kit/more.tsx';
import { When } from '../kit/when.tsx';
import { LetterLine } from './line.tsx';
import { Allow, StopMail } from './wish.tsx';

type Letters = CallOutput<'listLetters'>;
type Stop = Letters['stops'][number];

/** A contact, as far as mail to it is stopped and allowed. */
interface Reader {
  readonly contactId: string;
  readonly name: string;
  /** Whether the one who looks may take back what keeps mail from it. */
  readonly mayAllow: boolean;
}

/** The mails to a lead, what keeps further ones from it, and how to stop and to allow them. */
export function LettersCard(reader: Reader) {
  const { contactId } = reader;
  const may = useMay();
  const { hash } = useLocation();
  const pages = usePages({
    key: ['listLetters', { params: { id: contactId } }],
    load: (cursor, signal) =>
      call('listLetters', { params: { id: contactId }, query: { limit: 10, cursor } }, signal),
  });
  const { first } = pages;
  if (first === undefined) return null;
  const isOptedOut = first.refusal?.because === 'opted_out';
  return (
    <Box ref={hash === '#mail' ? scrollHere : null}>
      <Card
        title="Mail to this lead"
        side={isOptedOut || !may('stopLetters') ? null : <StopMail {...reader} />}
      >
        <Stack gap="sm">
          <Wish {...reader} letters={first} />
          {pages.items.length === 0 ? <Text c="dimmed">None yet.</Text> : null}
          {pages.items.map(letter => (
            <LetterLine key={letter.id} letter={letter} />
          ))}
          <More pages={pages} />
        </Stack>
      </Card>
    </Box>
  );
}

function scrollHere(part: HTMLElement | null): void {
  part?.scrollIntoView();
}

function Wish(props: Reader & { readonly letters: Letters }) {
  const { letters, ...reader } = props;
  const { refusal, field, stops } = letters;
  const may = useMay();
  const ended = stops.filter(({ endedAt }) => endedAt !== null);
  const running = stops.filter(({ endedAt }) => endedAt === null);
  const mayAllow = may('allowLetters') && reader.mayAllow;
  const isOptedOut = running.some(({ kind }) => kind === 'opted_out');
  return (
    <>
      {refusal === null ? null : (
        <Alert color="amber" title={`No more mail goes out: ${refusal.words.toLowerCase()}`}>
          <Stack gap="xs" align="flex-start">
            {field === null ? null : (
              <Text size="sm">The profile says so: {field}. It is changed where it comes from.</Text>
            )}
            {running.map(stop => (
              <StopLine key={stop.id} stop={stop} />
            ))}
            {mayAllow && isOptedOut ? <Allow {...reader} kind="opted_out" /> : null}
            {mayAllow && refusal.because === 'bounced' ? <Allow {...reader} kind="bounced" /> : null}
          </Stack>
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
