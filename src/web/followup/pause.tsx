import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { type FormEvent, useState } from 'react';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { submitByKeys } from '../kit/keys.tsx';
import { localText } from '../words/time.ts';

/** Asks what is waited for and until when the clock of the decision stands still. */
export function PauseDialog({
  episode,
  onClose,
}: {
  readonly episode: EpisodeHead;
  readonly onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<string | null>(null);
  const pausing = useChange('pauseEpisode');
  const end = until === null ? null : Date.parse(until.replace(' ', 'T'));
  const isPast = end !== null && end <= Date.now();
  const isReady = reason.trim() !== '' && end !== null && !isPast;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || end === null) return;
    const body = { reason: reason.trim(), until: new Date(end).toISOString() };
    pausing.mutate({ params: { id: episode.id }, body }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`Pause the decision on ${episode.contact.name}`}>
      <form onSubmit={submit} onKeyDown={submitByKeys}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            The time until then does not count. After that what was left of it goes on, and you are told.
          </Text>
          <TextInput
            label="What is waited for"
            placeholder="Procurement"
            value={reason}
            maxLength={400}
            required
            data-autofocus
            onChange={event => setReason(event.currentTarget.value)}
          />
          <DateTimePicker
            label="Until"
            placeholder="Day and time"
            valueFormat="ddd D MMM YYYY, HH:mm"
            minDate={localText(Date.now()).slice(0, 10)}
            value={until}
            onChange={setUntil}
            required
            error={isPast ? 'Choose a time in the future' : null}
          />
          {pausing.error === null ? null : <Alert color="brick">{errorWords(pausing.error)}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={pausing.isPending} disabled={!isReady}>
              Pause
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
