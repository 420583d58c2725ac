import { Alert, Button, Group, Modal, Select, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import type { EpisodeHead } from '../../contract/shapes.ts';
import { errorWords } from '../client.ts';
import { STALE_AFTER_WORK } from '../decision.tsx';
import { useCall, useChange } from '../query.ts';
import { Await } from './state.tsx';

/** Gives a lead to somebody else. */
export function ReassignDialog({
  episode,
  onClose,
}: {
  readonly episode: EpisodeHead;
  readonly onClose: () => void;
}) {
  const [ownerId, setOwnerId] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const users = useCall('listUsers', {});
  const giving = useChange('reassignEpisode', STALE_AFTER_WORK);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ownerId === null) return;
    const body = note.trim() === '' ? { ownerId } : { ownerId, note: note.trim() };
    giving.mutate(
      { params: { id: episode.id }, body },
      {
        onSuccess: answer => {
          const name = answer.owner?.name ?? 'somebody else';
          notifications.show({ color: 'pine', message: `${episode.contact.name} now belongs to ${name}.` });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={`Give ${episode.contact.name} to somebody else`}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Await query={users}>
            {({ items }) => (
              <Select
                label="New owner"
                placeholder="Choose a person"
                searchable
                required
                data-autofocus
                value={ownerId}
                onChange={setOwnerId}
                data={items
                  .filter(user => user.active && user.id !== episode.owner?.id)
                  .map(user => ({ value: user.id, label: user.name }))}
              />
            )}
          </Await>
          <Textarea
            label="Note (optional)"
            value={note}
            maxLength={4000}
            onChange={e => setNote(e.currentTarget.value)}
          />
          {giving.error === null ? null : <Alert color="brick">{errorWords(giving.error)}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={giving.isPending} disabled={ownerId === null}>
              Give
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
