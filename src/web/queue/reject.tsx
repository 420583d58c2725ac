import { Alert, Button, Group, Kbd, Modal, Radio, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { type RejectionReason, reasonWords } from '../agreement/termwords.ts';
import { useAgreement } from '../agreement/version.ts';
import { errorWords } from '../client/client.ts';
import { submitByKeys } from '../kit/keys.tsx';
import { Await } from '../kit/state.tsx';
import type { Decisions } from './decision.tsx';

interface Props {
  readonly episode: EpisodeHead;
  readonly decisions: Decisions;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks why a lead is rejected, and says for every reason what happens to the lead then. */
export function RejectDialog(props: Props) {
  const { read, source } = useAgreement();
  return (
    <Modal opened onClose={props.onClose} title={`Reject ${props.episode.contact.name}`} size="xl">
      <Await query={source}>
        {() => (
          <RejectForm
            {...props}
            reasons={read?.agreement.practice.reasons ?? []}
            wordsOf={reason => reasonWords(reason, read?.agreement.practice.nurture ?? [])}
          />
        )}
      </Await>
    </Modal>
  );
}

interface FormProps extends Props {
  readonly reasons: readonly RejectionReason[];
  readonly wordsOf: (reason: RejectionReason) => string;
}

function RejectForm({ episode, decisions, onClose, onDone, reasons, wordsOf }: FormProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<{
    readonly of: 'reason' | 'note' | 'call';
    readonly words: string;
  } | null>(null);
  // The dialog may open before the reasons are there; then its own focus has found no place yet.
  const firstReason = useRef<HTMLInputElement>(null);
  useEffect(() => firstReason.current?.focus(), []);
  const reason = reasons.find(({ id }) => id === chosen);
  const isNoteNeeded = reason?.note === 'required';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reasons.length > 0 && reason === undefined)
      return setProblem({ of: 'reason', words: 'Choose a reason: a rejection without one is refused.' });
    if (isNoteNeeded && note.trim() === '')
      return setProblem({ of: 'note', words: 'This reason needs a note.' });
    try {
      await decisions.reject(episode, {
        ...(reason === undefined ? {} : { reason: reason.id }),
        ...(note.trim() === '' ? {} : { note: note.trim() }),
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
    const isTyping = event.target instanceof HTMLTextAreaElement;
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
                    {entry.label ?? entry.id}
                    {index > 8 ? null : (
                      <Kbd size="xs" ml={6} visibleFrom="sm" aria-hidden="true">
                        {index + 1}
                      </Kbd>
                    )}
                  </>
                }
                description={`${wordsOf(entry)}${entry.note === 'required' ? ' Needs a note.' : ''}`}
                {...(index === 0 ? { ref: firstReason, 'data-autofocus': true } : {})}
              />
            ))}
            {reasons.length === 0 ? <Text c="dimmed">The agreement names no reasons.</Text> : null}
          </SimpleGrid>
        </Radio.Group>
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
