import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { errorWords } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { useNow } from '../kit/clock.ts';
import { submitByKeys } from '../kit/keys.tsx';
import { PersonPicker } from '../kit/person.tsx';
import { loadNotes } from '../routing/teamwords.ts';
import { type Passed, useTransfers } from './transfer.tsx';

/** Gives a lead to somebody, or to somebody else. */
export function ReassignDialog(props: {
  readonly lead: Passed;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}) {
  const { lead, onClose, onDone } = props;
  const [ownerId, setOwnerId] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const transfers = useTransfers();
  const now = useNow();
  const teams = useCall('listTeams', {}).data?.items ?? [];
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (ownerId === null) return;
    try {
      await transfers.give(lead, note.trim() === '' ? { ownerId } : { ownerId, note: note.trim() });
      onClose();
      onDone?.();
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  const { name } = lead.contact;
  return (
    <Modal
      opened
      onClose={onClose}
      title={lead.owner === null ? `Assign ${name}` : `Give ${name} to somebody else`}
    >
      <form onSubmit={event => void submit(event)} onKeyDown={submitByKeys}>
        <Stack gap="md">
          <PersonPicker
            label={lead.owner === null ? 'Owner' : 'New owner'}
            value={ownerId}
            onChange={setOwnerId}
            without={lead.owner?.id}
            notes={loadNotes(teams, now)}
          />
          <NoteField value={note} onChange={setNote} />
          {problem === null ? null : <Alert color="brick">{problem}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={transfers.isBusy} disabled={ownerId === null}>
              {lead.owner === null ? 'Assign' : 'Give'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Hands a lead back, so that routing looks for somebody else. */
export function HandBackDialog(props: {
  readonly lead: Passed;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}) {
  const { lead, onClose, onDone } = props;
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const transfers = useTransfers();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await transfers.handBack(lead, note.trim() === '' ? {} : { note: note.trim() });
      onClose();
      onDone?.();
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Hand ${lead.contact.name} back`}>
      <form onSubmit={event => void submit(event)} onKeyDown={submitByKeys}>
        <Stack gap="md">
          The lead is routed again at once, to anybody but {lead.owner?.name ?? 'you'}. If nobody can take it,
          it waits among the exceptions.
          <NoteField value={note} onChange={setNote} isFirst />
          {problem === null ? null : <Alert color="brick">{problem}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={transfers.isBusy}>
              Hand it back
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function NoteField(props: {
  readonly value: string;
  readonly onChange: (note: string) => void;
  readonly isFirst?: boolean;
}) {
  return (
    <Textarea
      label="Note (optional)"
      description="Kept on the timeline of the contact."
      value={props.value}
      maxLength={4000}
      autosize
      minRows={2}
      onChange={event => props.onChange(event.currentTarget.value)}
      {...(props.isFirst === true ? { 'data-autofocus': true } : {})}
    />
  );
}
