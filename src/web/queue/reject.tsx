import { Alert, Button, Group, Kbd, Modal, Radio, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import dayjs from 'dayjs';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Consequence } from '../../contract/api/decision.ts';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { errorWords } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { submitByKeys } from '../kit/keys.tsx';
import { Await } from '../kit/state.tsx';
import { ContactPicker } from '../lead/contactpicker.tsx';
import { consequenceWords, nurtureDay } from '../nurture/words.ts';
import type { Decisions } from './decision.tsx';

interface Props {
  readonly episode: EpisodeHead;
  readonly decisions: Decisions;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

type Reasons = Awaited<ReturnType<typeof useReasons>>['data'];

function useReasons(id: string) {
  return useCall('listReasons', { params: { id } });
}

/** Asks why a lead is rejected, and says for every reason what happens to the lead then, before it happens. */
export function RejectDialog(props: Props) {
  const reasons = useReasons(props.episode.id);
  return (
    <Modal opened onClose={props.onClose} title={`Reject ${props.episode.contact.name}`} size="xl">
      <Await query={reasons}>{answer => <RejectForm {...props} answer={answer} />}</Await>
    </Modal>
  );
}

interface Problem {
  readonly of: 'reason' | 'note' | 'call';
  readonly words: string;
}

function RejectForm({
  episode,
  decisions,
  onClose,
  onDone,
  answer: { items: reasons, doubles },
}: Props & { readonly answer: NonNullable<Reasons> }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [until, setUntil] = useState<string | null>(null);
  const [double, setDouble] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  // The dialog may open before the reasons are there; then its own focus has found no place yet.
  const firstReason = useRef<HTMLInputElement>(null);
  useEffect(() => firstReason.current?.focus(), []);
  const reason = reasons.find(({ id }) => id === chosen);
  const isNoteNeeded = reason?.needsNote === true;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = problemOf({ hasReasons: reasons.length > 0, reason, note, double });
    if (found !== null) return setProblem(found);
    try {
      await decisions.reject(episode, {
        ...(reason === undefined ? {} : { reason: reason.id }),
        ...(note.trim() === '' ? {} : { note: note.trim() }),
        ...(reason?.then === 'recycle' && until !== null ? { until: startOfDay(until) } : {}),
        ...(reason?.then === 'merge' && double !== null ? { mergeWith: double } : {}),
      });
      onDone();
    } catch (error) {
      setProblem({ of: 'call', words: errorWords(error) });
    }
  };

  const choose = (id: string) => {
    setChosen(id);
    setProblem(null);
  };
  const chooseByDigit = (event: KeyboardEvent<HTMLFormElement>) => {
    const isTyping =
      event.target instanceof HTMLTextAreaElement ||
      (event.target instanceof HTMLInputElement && event.target.type !== 'radio');
    const entry = /^[1-9]$/.test(event.key) ? reasons[Number(event.key) - 1] : undefined;
    if (isTyping || entry === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(entry.id);
    event.currentTarget.querySelectorAll('input').forEach(input => {
      if (input.value === entry.id) input.focus();
    });
  };

  return (
    <form
      onSubmit={event => void submit(event)}
      onKeyDown={event => {
        submitByKeys(event);
        chooseByDigit(event);
      }}
    >
      <Stack gap="md">
        <Radio.Group
          label="Why is this not a lead for sales now?"
          value={chosen}
          onChange={choose}
          error={problem?.of === 'reason' ? problem.words : null}
          errorProps={{ mt: 'sm', fz: 'sm', role: 'alert' }}
        >
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing={6} mt="xs">
            {reasons.map((entry, index) => (
              <Radio
                key={entry.id}
                value={entry.id}
                label={
                  <>
                    {entry.label}
                    {index > 8 ? null : (
                      <Kbd size="xs" ml={6} visibleFrom="sm" aria-hidden="true">
                        {index + 1}
                      </Kbd>
                    )}
                  </>
                }
                description={`${consequenceWords(entry)}${entry.needsNote ? ' Needs a note.' : ''}`}
                {...(index === 0 ? { ref: firstReason, 'data-autofocus': true } : {})}
              />
            ))}
            {reasons.length === 0 ? <Text c="dimmed">The agreement names no reasons.</Text> : null}
          </SimpleGrid>
        </Radio.Group>
        {reason?.then === 'recycle' ? (
          <DatePickerInput
            label="Another date (optional)"
            description={`In place of ${nurtureDay(reason.until)}. You are told that day, and the lead stands in the queue again.`}
            value={until}
            onChange={setUntil}
            clearable
            minDate={dayjs().add(1, 'day').format('YYYY-MM-DD')}
            maxDate={dayjs().add(2, 'year').format('YYYY-MM-DD')}
            valueFormat="D MMM YYYY"
            w={{ base: '100%', sm: 320 }}
          />
        ) : null}
        {reason?.then === 'merge' ? <DoubleChoice {...{ doubles, double }} onChange={setDouble} /> : null}
        <Textarea
          label={isNoteNeeded ? 'Note' : 'Note (optional)'}
          withAsterisk={isNoteNeeded}
          description="Marketing reads this to hand over better leads."
          value={note}
          maxLength={4000}
          autosize
          minRows={2}
          onChange={event => setNote(event.currentTarget.value)}
          error={problem?.of === 'note' ? problem.words : null}
        />
        {problem?.of === 'call' ? <Alert color="brick">{problem.words}</Alert> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="brick" loading={decisions.isBusy}>
            Reject
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function problemOf(given: {
  readonly hasReasons: boolean;
  readonly reason: Consequence | undefined;
  readonly note: string;
  readonly double: string | null;
}): Problem | null {
  const { hasReasons, reason, note, double } = given;
  if (reason === undefined)
    return hasReasons
      ? { of: 'reason', words: 'Choose a reason: a rejection without one is refused.' }
      : null;
  if (reason.refused !== null) return { of: 'reason', words: `Not yet: ${reason.refused}.` };
  if (reason.needsNote && note.trim() === '') return { of: 'note', words: 'This reason needs a note.' };
  if (reason.then === 'merge' && double === null)
    return { of: 'call', words: 'Choose the contact that is the same person.' };
  return null;
}

/** The likely doubles first; anybody else is found by name. */
function DoubleChoice(props: {
  readonly doubles: NonNullable<Reasons>['doubles'];
  readonly double: string | null;
  readonly onChange: (id: string | null) => void;
}) {
  const { doubles, double, onChange } = props;
  return (
    <Stack gap="xs">
      <Radio.Group label="Which contact is the same person?" value={double} onChange={onChange}>
        <Stack gap={6} mt="xs">
          {doubles.map(({ contact, reasons }) => (
            <Radio
              key={contact.id}
              value={contact.id}
              label={[contact.name, contact.company, contact.email].filter(part => part !== null).join(', ')}
              description={reasons.join('; ')}
            />
          ))}
          {doubles.length === 0 ? <Text size="sm">No likely double is known.</Text> : null}
        </Stack>
      </Radio.Group>
      <ContactPicker
        label={doubles.length === 0 ? 'Find the contact' : 'Or find another contact'}
        value={doubles.some(({ contact }) => contact.id === double) ? null : double}
        onChange={onChange}
      />
    </Stack>
  );
}

function startOfDay(date: string): string {
  return dayjs(date).startOf('day').toISOString();
}
