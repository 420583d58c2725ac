import { Box, Text } from '@mantine/core';
import { capital, nameWords } from '../../core/condition/words.ts';
import type { CallOutput } from '../client/client.ts';
import { When } from '../kit/when.tsx';

type Letter = CallOutput<'listLetters'>['items'][number];

/** A mail to a lead: its subject, what became of it and when, and what it said, folded. */
export function LetterLine({ letter }: { readonly letter: Letter }) {
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
