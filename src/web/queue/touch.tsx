import { Alert, Button, Chip, Group, Modal, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { ACTIVITY_KINDS, type EpisodeHead } from '../../contract/api/episode.ts';
import { capital } from '../../core/condition/words.ts';
import type { ActivityOutcome } from '../../core/followup/touch.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { submitByKeys } from '../kit/keys.tsx';

type Kind = (typeof ACTIVITY_KINDS)[number];

/** An activity's kind in words. */
export const ACTIVITY_WORDS: Readonly<Record<Kind, string>> = {
  call: 'call',
  email: 'e-mail',
  meeting: 'meeting',
  message: 'message',
  note: 'note',
};

/** What came of it, in words. */
export const OUTCOME_WORDS: Readonly<Record<ActivityOutcome, string>> = {
  connected: 'connected',
  no_answer: 'no answer',
  left_message: 'left a message',
  wrong_number: 'wrong number',
  bounced: 'bounced',
  replied: 'replied',
};

/** What can come of each kind; of a note nothing. */
const OUTCOMES: Readonly<Record<Kind, readonly ActivityOutcome[]>> = {
  call: ['connected', 'no_answer', 'left_message', 'wrong_number'],
  email: ['replied', 'bounced', 'no_answer'],
  meeting: ['connected', 'no_answer'],
  message: ['replied', 'no_answer', 'bounced'],
  note: [],
};

/** Logs what was done with a lead and what came of it; the first touch stops its clock. */
export function TouchDialog({
  episode,
  onClose,
}: {
  readonly episode: EpisodeHead;
  readonly onClose: () => void;
}) {
  const [kind, setKind] = useState<Kind>('call');
  const [outcome, setOutcome] = useState<ActivityOutcome | null>(null);
  const [note, setNote] = useState('');
  const outcomes = OUTCOMES[kind];
  const adding = useChange('addActivity');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      kind,
      ...(outcome === null || !outcomes.includes(outcome) ? {} : { outcome }),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
    };
    adding.mutate(
      { params: { id: episode.id }, body },
      {
        onSuccess: () => {
          notifications.show({
            color: 'pine',
            message: `Logged a ${ACTIVITY_WORDS[kind]} with ${episode.contact.name}.`,
          });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={`Log a touch with ${episode.contact.name}`}>
      <form onSubmit={submit} onKeyDown={submitByKeys}>
        <Stack gap="md">
          <SegmentedControl
            fullWidth
            aria-label="Kind"
            value={kind}
            data={ACTIVITY_KINDS.map(value => ({ value, label: capital(ACTIVITY_WORDS[value]) }))}
            onChange={value => setKind(ACTIVITY_KINDS.find(known => known === value) ?? 'call')}
          />
          {outcomes.length === 0 ? null : (
            <Stack gap={6} role="group" aria-label="What came of it">
              <Text size="sm" fw={500}>
                What came of it (optional)
              </Text>
              <Group gap={6}>
                {outcomes.map(value => (
                  <Chip
                    key={value}
                    checked={outcome === value}
                    onChange={() => setOutcome(current => (current === value ? null : value))}
                  >
                    {capital(OUTCOME_WORDS[value])}
                  </Chip>
                ))}
              </Group>
            </Stack>
          )}
          <Textarea
            label="Note (optional)"
            value={note}
            maxLength={4000}
            autosize
            minRows={3}
            data-autofocus
            onChange={event => setNote(event.currentTarget.value)}
          />
          {adding.error === null ? null : <Alert color="brick">{errorWords(adding.error)}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={adding.isPending}>
              Log it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
