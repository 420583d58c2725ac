import { Alert, Button, Group, Modal, SegmentedControl, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { ACTIVITY_KINDS, type EpisodeHead } from '../../contract/api/episode.ts';
import { capital } from '../../core/condition/words.ts';
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

/** Logs what was done with a lead; the first one is the first touch. */
export function TouchDialog({
  episode,
  onClose,
}: {
  readonly episode: EpisodeHead;
  readonly onClose: () => void;
}) {
  const [kind, setKind] = useState<Kind>('call');
  const [note, setNote] = useState('');
  const adding = useChange('addActivity');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = note.trim() === '' ? { kind } : { kind, note: note.trim() };
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
