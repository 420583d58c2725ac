import { Stack, Text } from '@mantine/core';
import type { Colleague } from '../../contract/api/session.ts';
import { counted } from '../../core/text/number.ts';
import { useCall } from '../client/query.ts';

/** What becomes of the leads of somebody who is deactivated. */
export function Leaving({ user }: { readonly user: Colleague }) {
  const open = useCall('listQueue', { query: { owner: user.id, limit: COUNTED } });
  // No list of the API is of one owner's accepted leads: the newest of all are counted.
  const accepted = useCall('listEpisodes', { query: { state: 'accepted', limit: COUNTED } });
  const progressed = useCall('listEpisodes', { query: { state: 'opportunity', limit: COUNTED } });
  const withSales = [...(accepted.data?.items ?? []), ...(progressed.data?.items ?? [])];
  const own = withSales.filter(({ owner }) => owner?.id === user.id).length;
  const isPart = [accepted, progressed].some(({ data }) => (data?.nextCursor ?? null) !== null);
  return (
    <Stack gap="xs">
      <Text>{user.name} can no longer sign in and gets no new leads.</Text>
      {open.data === undefined ? null : (
        <OpenLeads name={user.name} count={open.data.items.length} isPart={open.data.nextCursor !== null} />
      )}
      {accepted.data === undefined || progressed.data === undefined ? null : (
        <AcceptedLeads name={user.name} count={own} isPart={isPart} />
      )}
    </Stack>
  );
}

/** As many leads are counted, the most that one answer holds; nobody works more. */
export const COUNTED = 200;

interface Counted {
  readonly name: string;
  readonly count: number;
  /** Whether there may be more than were counted. */
  readonly isPart: boolean;
}

function OpenLeads({ name, count, isPart }: Counted) {
  if (count === 0) return null;
  return (
    <Text>
      {isPart ? 'Over ' : ''}
      {counted(count, 'open lead')} of {name} {count === 1 ? 'is' : 'are'} given to somebody else at once, as
      routing says; leads that nobody can take wait among the exceptions.
    </Text>
  );
}

function AcceptedLeads({ name, count, isPart }: Counted) {
  if (count === 0)
    return isPart ? (
      <Text>
        Each lead that {name} has accepted becomes an exception: a manager decides who goes on with it.
      </Text>
    ) : null;
  return (
    <Text>
      {isPart ? 'At least ' : ''}
      {counted(count, 'lead')} that {name} has accepted{' '}
      {count === 1 ? 'becomes an exception' : 'become exceptions'}, one each: a manager decides who goes on
      with {count === 1 ? 'it' : 'each'}.
    </Text>
  );
}
