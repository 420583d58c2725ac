import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { submitByKeys } from '../kit/keys.tsx';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';

/** Whose mail it is. */
interface Reader {
  readonly contactId: string;
  readonly name: string;
}

/** Stops mail to a contact that said it wants none, and takes that back at once where one may. */
export function StopMail({ contactId, name, mayAllow }: Reader & { readonly mayAllow: boolean }) {
  const [isAsking, setAsking] = useState(false);
  const stopping = useChange('stopLetters');
  const allowing = useChange('allowLetters');
  const params = { id: contactId };
  const takeBack = () => {
    const body = { kind: 'opted_out' as const, note: 'Stopped by mistake' };
    allowing.mutate(
      { params, body },
      { onSuccess: () => showDone(`${name} may get mail.`), onError: showFailure },
    );
  };
  const stop = async (note: string) => {
    await stopping.mutateAsync({ params, body: note === '' ? {} : { note } });
    const words = `${name} gets no more mail.`;
    if (mayAllow) showUndoable({ id: `mail ${contactId}`, words, onUndo: takeBack });
    else showDone(words);
    setAsking(false);
  };
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        Stop mail
      </Button>
      {isAsking ? (
        <Ask
          title={`Stop mail to ${name}?`}
          words="No mail to it leaves from now on, and a track that it is in ends."
          label="How and when they said so (optional)"
          verb="Stop mail"
          isOptional
          onSay={stop}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

const WORDS = {
  opted_out: {
    verb: 'Allow mail again',
    title: 'Allow mail to',
    words: 'They said that they want none. Allow it only if they have said since that they do.',
    label: 'How and when they said so',
  },
  bounced: {
    verb: 'The mailbox works again',
    title: 'Does the mailbox work again of',
    words: 'The next mail goes to the address as it is; if that comes back, it is stopped again.',
    label: 'How you know',
  },
} as const;

/** Takes back what keeps mail from a contact, with the reason. */
export function Allow({ contactId, name, kind }: Reader & { readonly kind: keyof typeof WORDS }) {
  const [isAsking, setAsking] = useState(false);
  const allowing = useChange('allowLetters');
  const { verb, title, words, label } = WORDS[kind];
  const allow = async (note: string) => {
    await allowing.mutateAsync({ params: { id: contactId }, body: { kind, note } });
    showDone(`${name} may get mail again.`);
    setAsking(false);
  };
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        {verb}
      </Button>
      {isAsking ? (
        <Ask
          title={`${title} ${name}?`}
          words={words}
          label={label}
          verb={verb}
          onSay={allow}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

function Ask(props: {
  readonly title: string;
  readonly words: string;
  readonly label: string;
  readonly verb: string;
  readonly isOptional?: boolean;
  readonly onSay: (note: string) => Promise<void>;
  readonly onClose: () => void;
}) {
  const { title, words, label, verb, isOptional = false, onSay, onClose } = props;
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isOptional && note.trim() === '') return setProblem('Say why: it stays in the timeline.');
    setBusy(true);
    try {
      await onSay(note.trim());
    } catch (error) {
      setProblem(errorWords(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size="sm">
      <form onSubmit={event => void submit(event)} onKeyDown={submitByKeys}>
        <Stack gap="md">
          <Text>{words}</Text>
          <Textarea
            label={label}
            value={note}
            maxLength={1000}
            autosize
            minRows={2}
            data-autofocus
            onChange={event => setNote(event.currentTarget.value)}
          />
          {problem === null ? null : <Alert color="brick">{problem}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
