import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { DatePickerInput, DateTimePicker } from '@mantine/dates';
import { type FormEvent, useState } from 'react';
import type { TimeOff } from '../../contract/api/team.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { Icon } from '../kit/icon.tsx';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';
import { Await } from '../kit/state.tsx';
import { localText } from '../words/time.ts';
import type { Who } from './pause.ts';
import css from './team.module.css';
import { daysOff, offWords } from './teamwords.ts';

type Form = Pick<TimeOff, 'from' | 'to' | 'note'>;

/** Puts time off in and takes it back; each can be undone from its notice. */
function useLeave(who: Who) {
  const adding = useChange('addTimeOff');
  const removing = useChange('deleteTimeOff');
  const put = (body: Form) => adding.mutateAsync({ params: { id: who.userId }, body });
  const drop = (leave: TimeOff) => removing.mutateAsync({ params: { id: leave.id } });
  const undo = (done: Promise<unknown>, words: string) =>
    done.then(() => showDone(words)).catch((error: unknown) => showFailure(error));
  return {
    isBusy: adding.isPending || removing.isPending,
    /** Throws what the server refuses, so that the dialog can show it. */
    add: async (body: Form) => {
      const leave = await put(body);
      const words = offWords(leave);
      showUndoable({
        id: `leave ${leave.id}`,
        words: `${who.name} is off ${words} and gets no new leads then.`,
        onUndo: () => void undo(drop(leave), `${who.name} is not off ${words}.`),
      });
    },
    remove: async (leave: TimeOff) => {
      const words = offWords(leave);
      const { from, to, note } = leave;
      try {
        await drop(leave);
        showUndoable({
          id: `leave ${leave.id}`,
          words: `${who.name} is not off ${words}.`,
          onUndo: () => void undo(put({ from, to, note }), `${who.name} is off ${words} again.`),
        });
      } catch (error) {
        showFailure(error);
      }
    },
  };
}

/** One stretch of time off, with a button that takes it back. */
export function LeaveChip(props: {
  readonly who: Who;
  readonly leave: TimeOff;
  readonly mayChange: boolean;
}) {
  const { who, leave, mayChange } = props;
  const leaves = useLeave(who);
  const words = offWords(leave);
  return (
    <span className={css.chip}>
      <Icon name="meeting" size={13} />
      <span>
        Off {words}
        {leave.note === null || leave.note === '' ? '' : `: ${leave.note}`}
      </span>
      {mayChange ? (
        <ActionIcon
          size={24}
          my={-2}
          variant="transparent"
          color="gray"
          c="inherit"
          aria-label={`Take back the time off of ${who.name}, ${words}`}
          loading={leaves.isBusy}
          onClick={() => void leaves.remove(leave)}
        >
          <Icon name="cross" size={13} />
        </ActionIcon>
      ) : null}
    </span>
  );
}

/** Puts time off in: whole days by the person's own time zone, or from one time to another. */
export function LeaveDialog({ who, onClose }: { readonly who: Who; readonly onClose: () => void }) {
  const availability = useCall('getAvailability', { params: { id: who.userId } });
  return (
    <Modal opened onClose={onClose} title={`Time off for ${who.name}`}>
      <Await query={availability}>
        {({ timezone }) => <LeaveForm who={who} timezone={timezone} onClose={onClose} />}
      </Await>
    </Modal>
  );
}

/** How time off begins and ends: two days, or two local times; null while one is not filled in. */
type Ends = [string | null, string | null];

function LeaveForm(props: { readonly who: Who; readonly timezone: string; readonly onClose: () => void }) {
  const { who, timezone, onClose } = props;
  const [isWhole, setWhole] = useState(true);
  const [days, setDays] = useState<Ends>([null, null]);
  const [times, setTimes] = useState<Ends>([null, null]);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const leaves = useLeave(who);
  const span = isWhole ? wholeSpan(days, timezone) : timedSpan(times);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (span === null) return;
    try {
      await leaves.add({ ...span, note: note.trim() === '' ? null : note.trim() });
      onClose();
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack gap="md">
        <SegmentedControl
          aria-label="Kind of time off"
          value={isWhole ? 'days' : 'times'}
          data={[
            { value: 'days', label: 'Whole days' },
            { value: 'times', label: 'From one time to another' },
          ]}
          onChange={value => setWhole(value === 'days')}
        />
        {isWhole ? (
          <DaysPicker days={days} timezone={timezone} onChange={setDays} />
        ) : (
          <TimesPicker times={times} onChange={setTimes} />
        )}
        <TextInput
          label="Note (optional)"
          description="Everybody in Baton can read it"
          placeholder="Holiday"
          maxLength={200}
          value={note}
          onChange={event => setNote(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed">
          Open leads stay with {who.name}; new ones go to somebody else. Nobody is flooded with leads after
          time off, because turns go on as if they had never stopped.
        </Text>
        {problem === null ? null : <Alert color="brick">{problem}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={leaves.isBusy} disabled={span === null}>
            Add time off
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function DaysPicker(props: {
  readonly days: Ends;
  readonly timezone: string;
  readonly onChange: (days: Ends) => void;
}) {
  return (
    <DatePickerInput
      type="range"
      label="First and last day off"
      description={`By ${zoneName(props.timezone)} time. Choose a day twice for a single day off.`}
      placeholder="Choose two days"
      valueFormat="ddd D MMM YYYY"
      allowSingleDateInRange
      minDate={today()}
      value={props.days}
      onChange={props.onChange}
      required
      popoverProps={{ withinPortal: true }}
    />
  );
}

function TimesPicker(props: { readonly times: Ends; readonly onChange: (times: Ends) => void }) {
  const [from, to] = props.times;
  const isBackwards = from !== null && to !== null && timedSpan(props.times) === null;
  return (
    <Group grow align="flex-start">
      <DateTimePicker
        label="Off from"
        placeholder="Day and time"
        valueFormat="D MMM YYYY, HH:mm"
        value={from}
        onChange={next => props.onChange([next, to])}
        required
      />
      <DateTimePicker
        label="Back at"
        placeholder="Day and time"
        valueFormat="D MMM YYYY, HH:mm"
        minDate={(from ?? today()).slice(0, 10)}
        value={to}
        onChange={next => props.onChange([from, next])}
        required
        error={isBackwards ? 'Back before it starts' : null}
      />
    </Group>
  );
}

function today(): string {
  return localText(Date.now()).slice(0, 10);
}

function wholeSpan([first, last]: Ends, timezone: string) {
  return first === null || last === null ? null : daysOff({ first, last, timezone });
}

function timedSpan([from, to]: Ends) {
  if (from === null || to === null) return null;
  const [start, end] = [from, to].map(text => Date.parse(text.replace(' ', 'T')));
  if (start === undefined || end === undefined || end <= start) return null;
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/** A time zone as people say it. @example zoneName('Europe/London') // 'London' */
export function zoneName(timezone: string): string {
  return (timezone.split('/').at(-1) ?? timezone).replaceAll('_', ' ');
}
