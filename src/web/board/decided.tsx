import { Drawer } from '@mantine/core';
import { capital } from '../../core/condition/words.ts';
import { type CallOutput, call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { LeadsBehind } from '../report/drill.tsx';
import { decidedIn } from './words.ts';

type Board = CallOutput<'getBoard'>;

/** The leads behind a figure of what was decided this week, as the address asks for them. */
export function DecidedLeads(props: {
  readonly board: Board;
  readonly params: URLSearchParams;
  readonly onClose: () => void;
}) {
  const { board, params, onClose } = props;
  const decided = decidedIn(params);
  const whose =
    decided?.person == null
      ? board.teams.find(({ name }) => name === decided?.team)?.label
      : board.members.find(({ userId }) => userId === decided.person)?.name;
  return (
    <Drawer
      opened={decided !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={
        decided === null ? '' : `${capital(decided.decision)} this week: ${whose ?? 'somebody who left'}`
      }
    >
      {decided === null ? null : <List key={JSON.stringify(decided)} from={board.week.from} {...decided} />}
    </Drawer>
  );
}

function List(props: NonNullable<ReturnType<typeof decidedIn>> & { readonly from: string }) {
  const { from, decision, person, team } = props;
  const query = {
    from,
    decision,
    owner: person ?? undefined,
    team: person === null ? (team ?? undefined) : undefined,
  };
  const pages = usePages({
    key: ['listDecidedLeads', query],
    load: (cursor, signal) => call('listDecidedLeads', { query: { ...query, cursor } }, signal),
  });
  return <LeadsBehind pages={pages} />;
}
