import { Anchor, Select, Table, Tabs, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link, useSearchParams } from 'react-router';
import type { Enrolment } from '../../contract/api/nurture.ts';
import { whole } from '../../core/text/number.ts';
import { type CallOutput, call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { PageHead } from '../kit/card.tsx';
import { More } from '../kit/more.tsx';
import { SearchField } from '../kit/search.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import css from './nurture.module.css';
import { StopTrack } from './stop.tsx';
import { nurtureDay, trackStepWords } from './words.ts';

type Tracks = CallOutput<'listNurture'>['tracks'];
type State = 'active' | 'left';

/** How many leads are shown at once. */
const SHOWN = 50;

/** Who is in which track and what comes next, or who has left one and why. The address keeps what was chosen. */
export function NurturePage() {
  useDocumentTitle('Nurture · Baton');
  const [params, setParams] = useSearchParams();
  const state: State = params.get('show') === 'left' ? 'left' : 'active';
  const track = params.get('track');
  const q = params.get('q');
  const query = { state, limit: SHOWN, ...(track === null ? {} : { track }), ...(q === null ? {} : { q }) };
  const pages = usePages({
    key: ['listNurture', query],
    load: (cursor, signal) => call('listNurture', { query: { ...query, cursor } }, signal),
  });
  const set = (name: string, value: string | null) =>
    setParams(
      before => {
        const next = new URLSearchParams(before);
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const tracks = pages.first?.tracks ?? [];
  const count = (of: State) =>
    tracks.filter(({ id }) => track === null || id === track).reduce((sum, one) => sum + one[of], 0);
  return (
    <>
      <PageHead title="Nurture">
        <Text c="dimmed">Leads that sales gave back for a later time, and what they get meanwhile.</Text>
      </PageHead>
      <Tabs value={state} onChange={next => set('show', next === 'left' ? 'left' : null)} mb="sm">
        <Tabs.List>
          <Tabs.Tab value="active">
            In a track{' '}
            <Text component="span" c="dimmed">
              {pages.first === undefined ? '' : whole(count('active'))}
            </Text>
          </Tabs.Tab>
          <Tabs.Tab value="left">
            Left{' '}
            <Text component="span" c="dimmed">
              {pages.first === undefined ? '' : whole(count('left'))}
            </Text>
          </Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <div className={css.filters}>
        <SearchField
          label="Search"
          placeholder="Name, e-mail or company"
          value={q ?? ''}
          onSearch={value => set('q', value)}
        />
        <Select
          aria-label="Track"
          placeholder="Track"
          clearable
          clearButtonProps={{ 'aria-label': 'Clear Track' }}
          value={track}
          data={choices(tracks, { state, track })}
          onChange={value => set('track', value)}
        />
      </div>
      {pages.error !== null && pages.items.length === 0 ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.first === undefined ? (
        <Loading rows={8} />
      ) : pages.items.length === 0 ? (
        <Nobody state={state} isNarrowed={track !== null || q !== null} />
      ) : (
        <>
          <Enrolments items={pages.items} state={state} />
          <More pages={pages} mt="sm" />
        </>
      )}
    </>
  );
}

/** The tracks to choose from, each with its count; that which the address names too. */
function choices(tracks: Tracks, of: { readonly state: State; readonly track: string | null }) {
  const known = tracks.map(one => ({ value: one.id, label: `${one.label} (${whole(one[of.state])})` }));
  const { track } = of;
  return track === null || known.some(({ value }) => value === track)
    ? known
    : [{ value: track, label: track }, ...known];
}

function Nobody({ state, isNarrowed }: { readonly state: State; readonly isNarrowed: boolean }) {
  if (isNarrowed)
    return (
      <Empty icon="nurture" title="Nobody here">
        No lead fits what you search for.
      </Empty>
    );
  if (state === 'left')
    return (
      <Empty icon="nurture" title="Nobody has left a track yet">
        A lead leaves when every step is done, when it is handed over again, replies, or wants no more mail.
      </Empty>
    );
  return (
    <Empty
      icon="nurture"
      title="Nobody is in a track now"
      action={
        <Anchor component={Link} to="/agreement" underline="always">
          See the tracks in the agreement
        </Anchor>
      }
    >
      A track is a row of mails and pauses for a lead whose time has not come. A lead enters one when sales
      rejects it for a reason that recycles it and names a track.
    </Empty>
  );
}

function Enrolments({ items, state }: { readonly items: readonly Enrolment[]; readonly state: State }) {
  return (
    <Table
      className={css.table ?? ''}
      aria-label={state === 'active' ? 'Leads in a track' : 'Leads that left a track'}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Contact</Table.Th>
          <Table.Th visibleFrom="sm">Track</Table.Th>
          <Table.Th>{state === 'active' ? 'Next step' : 'Left'}</Table.Th>
          <Table.Th visibleFrom="sm">Entered</Table.Th>
          <Table.Th visibleFrom="sm">Owner</Table.Th>
          {state === 'active' ? <Table.Th visibleFrom="sm">Action</Table.Th> : null}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map(item => (
          <EnrolmentRow key={item.id} item={item} state={state} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function EnrolmentRow({ item, state }: { readonly item: Enrolment; readonly state: State }) {
  const { contact, track, owner, enteredAt } = item;
  const stop = (
    <StopTrack
      episodeId={item.episodeId}
      name={contact.name}
      track={track.label}
      workRefused={item.workRefused}
    />
  );
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/contacts/${contact.id}`} fw={600}>
          {contact.name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {[contact.title, contact.company].filter(part => part !== null).join(', ')}
        </Text>
        <Text size="sm" hiddenFrom="sm">
          {track.label}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{track.label}</Table.Td>
      <Table.Td>
        {state === 'active' ? <Next item={item} /> : <Left item={item} />}
        {state === 'active' ? (
          <Text component="div" mt={4} hiddenFrom="sm">
            {stop}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <When at={enteredAt} />
      </Table.Td>
      <Table.Td visibleFrom="sm">{owner?.name ?? 'Nobody'}</Table.Td>
      {state === 'active' ? <Table.Td visibleFrom="sm">{stop}</Table.Td> : null}
    </Table.Tr>
  );
}

function Next({ item: { steps, nextStepAt } }: { readonly item: Enrolment }) {
  const next = steps.findIndex(({ state }) => state === 'next');
  const step = steps[next];
  return (
    <>
      {step === undefined ? 'The next step' : trackStepWords(step)}
      <Text size="xs" c="dimmed">
        {nurtureDay(nextStepAt)}
        {step === undefined ? '' : ` · step ${next + 1} of ${steps.length}`}
      </Text>
    </>
  );
}

function Left({ item: { left, steps } }: { readonly item: Enrolment }) {
  if (left === null) return null;
  const done = steps.filter(({ state }) => state === 'done').length;
  return (
    <>
      <When at={left.at} />: {left.words}
      <Text size="xs" c="dimmed">
        {done} of {steps.length} steps done
        {left.by === null ? '' : ` · by ${left.by}`}
      </Text>
    </>
  );
}
