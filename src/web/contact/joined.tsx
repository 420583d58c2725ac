import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Duplicate, DuplicateSide } from '../../contract/api/duplicate.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { TakeBack } from '../duplicate/decided.tsx';
import { likenessWords } from '../duplicate/words.ts';
import { Icon } from '../kit/icon.tsx';
import { When } from '../kit/when.tsx';

/** The contacts that a contact took in after a review, and the ones it may be the same as; nothing for most. */
export function Joined({ contact: { id } }: { readonly contact: CallOutput<'getContact'> }) {
  const merged = useCall('listDuplicates', { query: { contact: id, state: 'merged' } });
  const open = useCall('listDuplicates', { query: { contact: id, state: 'open' } });
  const takenIn = (merged.data?.items ?? []).filter(({ merge }) => merge?.intoId === id);
  const likes = open.data?.items ?? [];
  if (takenIn.length === 0 && likes.length === 0) return null;
  return (
    <Alert color="gray" variant="light" icon={<Icon name="merge" />}>
      <Stack gap="xs">
        {likes.map(pair => (
          <Text key={pair.id}>
            May be the same person as <SideLink side={otherOf(pair, id)} /> ({likenessWords(pair.score)}).{' '}
            <Anchor component={Link} to={`/exceptions?show=duplicate&item=${pair.id}`}>
              Review
            </Anchor>
          </Text>
        ))}
        {takenIn.map(pair => (
          <Group key={pair.id} justify="space-between" gap="xs">
            <Text>
              Took in <b>{otherOf(pair, id).name}</b>
              {otherOf(pair, id).email === null ? '' : ` (${otherOf(pair, id).email})`} with all its history
              {pair.decidedBy === null ? '' : `, by ${pair.decidedBy}`}
              {pair.decidedAt === null ? null : (
                <>
                  {' '}
                  <When at={pair.decidedAt} />
                </>
              )}
            </Text>
            <TakeBack pair={pair} />
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}

function otherOf({ a, b }: Duplicate, id: string): DuplicateSide {
  return a.id === id ? b : a;
}

function SideLink({ side }: { readonly side: DuplicateSide }) {
  return (
    <Anchor component={Link} to={`/contacts/${side.id}`}>
      {side.name}
      {side.email === null ? '' : ` (${side.email})`}
    </Anchor>
  );
}
