import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { LetterLine } from './line.tsx';

/** The latest mail to a lead and what keeps further ones from it, with the way to all; nothing where there is neither. */
export function LatestLetter({ contactId }: { readonly contactId: string }) {
  const { data } = useCall('listLetters', { params: { id: contactId }, query: { limit: 1 } });
  const [letter] = data?.items ?? [];
  if (data === undefined || (letter === undefined && data.stops.length === 0)) return null;
  return (
    <Card
      title="Mail to this lead"
      side={
        <Anchor component={Link} to={`/contacts/${contactId}#mail`}>
          All mail
        </Anchor>
      }
    >
      {data.refusal === null ? null : (
        <Text mb={letter === undefined ? 0 : 'xs'}>
          No more mail goes out: {data.refusal.words.toLowerCase()}.
        </Text>
      )}
      {letter === undefined ? null : <LetterLine letter={letter} />}
    </Card>
  );
}
