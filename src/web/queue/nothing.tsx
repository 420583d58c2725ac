import { Button } from '@mantine/core';
import { counted } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';
import { FirstStepsButton, MissingTeams } from '../kit/firststeps.tsx';
import { Empty } from '../kit/state.tsx';

/** Which leads of the queue are shown. */
export type QueueView = 'mine' | 'snoozed' | 'unassigned' | 'all' | 'others';

/** Says why a part of the queue is empty, and where there is something to do. */
export function NoLeads(props: {
  readonly view: QueueView;
  readonly counts: CallOutput<'listQueue'>['counts'];
  readonly isNarrowed: boolean;
  readonly onShow: (view: QueueView) => void;
  readonly onClear: () => void;
}) {
  const { view, counts, onShow } = props;
  const showAll = (
    <Button variant="default" onClick={() => onShow('all')}>
      Show all leads
    </Button>
  );
  if (props.isNarrowed)
    return (
      <Empty
        icon="search"
        title="No lead matches"
        action={
          <Button variant="default" onClick={props.onClear}>
            Clear the filters
          </Button>
        }
      >
        Search looks into names, titles, e-mail addresses and companies.
      </Empty>
    );
  if (view === 'mine' && counts.unassigned > 0)
    return (
      <Empty
        icon="check"
        title="Nothing waits for you"
        action={<Button onClick={() => onShow('unassigned')}>Show unassigned leads</Button>}
      >
        {counted(counts.unassigned, 'lead')} without an owner could use your help.
      </Empty>
    );
  if (view === 'mine' && counts.all > 0)
    return (
      <Empty icon="check" title="Nothing waits for you" action={showAll}>
        Your colleagues have {counted(counts.all, 'open lead')}.
      </Empty>
    );
  if (view === 'unassigned' && counts.all > 0)
    return (
      <Empty icon="check" title="Every lead has an owner" action={showAll}>
        {counted(counts.all, 'lead')} in all are open.
      </Empty>
    );
  if (view === 'snoozed')
    return (
      <Empty icon="snooze" title="Nothing is snoozed">
        A lead that you snooze leaves your queue until a time, and comes back by itself with your note.
      </Empty>
    );
  if (view === 'others')
    return (
      <Empty icon="check" title="Nothing waits for other teams">
        Leads that the agreement sends to another team, such as customers of yours, stand here.
      </Empty>
    );
  return (
    <Empty icon="queue" title="No leads wait for a decision" action={<FirstStepsButton />}>
      A lead appears here the moment it qualifies by the agreement. To bring leads in, make a key in Settings
      and send events, or import a file of contacts.
      <MissingTeams />
    </Empty>
  );
}
