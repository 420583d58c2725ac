import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Exception } from '../../contract/api/exception.ts';
import { capital } from '../../core/condition/words.ts';
import { errorWords } from '../client/client.ts';
import { PersonPicker } from '../kit/person.tsx';
import { ReassignDialog } from '../queue/reassign.tsx';
import type { ExceptionDialog } from './actions.tsx';
import { CompleteDialog } from './complete.tsx';
import type { ExceptionWork } from './work.tsx';

interface Props {
  readonly exception: Exception;
  readonly work: ExceptionWork;
  readonly onClose: () => void;
}

/** The dialog that is open about an exception. */
export function ExceptionDialogs({ open, ...props }: Props & { readonly open: ExceptionDialog }) {
  const { exception, onClose } = props;
  const { contact, episode } = exception;
  if (open === 'entrust') return <EntrustDialog {...props} />;
  if (open === 'close') return <CloseDialog {...props} />;
  if (open === 'complete') return <CompleteDialog {...props} />;
  if (contact === null || episode === null) return null;
  return <ReassignDialog lead={{ id: episode.id, contact, owner: null }} onClose={onClose} />;
}

/** Makes somebody the one who deals with an exception; the lead itself stays where it is. */
function EntrustDialog({ exception, work, onClose }: Props) {
  const [ownerId, setOwnerId] = useState<string | null>(null);
  return (
    <FormDialog
      title="Who deals with it?"
      verb="Hand it over"
      isReady={ownerId !== null}
      isBusy={work.isBusy}
      onClose={onClose}
      onSubmit={() => work.entrust(exception, ownerId)}
    >
      <PersonPicker
        label="Deals with it"
        value={ownerId}
        onChange={setOwnerId}
        without={exception.owner?.id}
      />
    </FormDialog>
  );
}

/** Says how a trouble without a lead was dealt with. */
function CloseDialog({ exception, work, onClose }: Props) {
  const [note, setNote] = useState('');
  return (
    <FormDialog
      title={`Close: ${capital(exception.reason.label)}`}
      verb="Close it"
      isReady={note.trim() !== ''}
      isBusy={work.isBusy}
      onClose={onClose}
      onSubmit={() => work.close(exception, note.trim())}
    >
      <Textarea
        label="What was done about it?"
        description="It comes back by itself if the problem lasts."
        value={note}
        required
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        onChange={event => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function FormDialog(props: {
  readonly title: string;
  readonly verb: string;
  readonly isReady: boolean;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => Promise<void>;
  readonly children: ReactNode;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!props.isReady) return;
    try {
      await props.onSubmit();
      props.onClose();
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  return (
    <Modal opened onClose={props.onClose} title={props.title}>
      <form onSubmit={event => void submit(event)}>
        <Stack gap="md">
          {props.children}
          {problem === null ? null : <Alert color="brick">{problem}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={props.isBusy} disabled={!props.isReady}>
              {props.verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
