import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Episode } from '../../contract/api/episode.ts';
import type { CallOutput } from '../client/client.ts';
import { useUser } from '../client/session.tsx';
import { DueChip } from '../kit/due.tsx';
import { submitByKeys } from '../kit/keys.tsx';
import { EpisodeBadge, ScoreMark } from '../kit/mark.tsx';
import { When } from '../kit/when.tsx';
import { stillMissing } from '../qualification/words.ts';
import { PointChips } from '../score/why.tsx';
import { roleWords } from '../words/field.ts';
import { useDecisions } from './decision.tsx';
import { RejectDialog } from './reject.tsx';
import { Flag } from './waiting.tsx';

/**
 * The dialog that the links of mails and Slack messages open, `?do=accept&episode=…`: nothing is accepted by following a
 * link alone, which mail scanners do too.
 */
export function AcceptLink(props: {
  readonly contact: CallOutput<'getContact'>;
  /** Called where something is still to be found out before the lead is accepted. */
  readonly onMissing: () => void;
}) {
  const { contact, onMissing } = props;
  const [params, setParams] = useSearchParams();
  if (params.get('do') !== 'accept') return null;
  const wanted = params.get('episode');
  const episode = contact.episodes.find(({ id, state }) =>
    wanted === null ? state === 'open' : id === wanted,
  );
  const close = () =>
    setParams(
      old => {
        const next = new URLSearchParams(old);
        next.delete('do');
        next.delete('episode');
        return next;
      },
      { replace: true },
    );
  if (episode === undefined)
    return (
      <Told title={`Accept ${contact.name}`} onClose={close}>
        <Text>This handoff of {contact.name} no longer exists. All other handoffs are listed below.</Text>
      </Told>
    );
  if (episode.state !== 'open')
    return (
      <Told title={`${contact.name} is already decided`} onClose={close}>
        <Decided episode={episode} />
      </Told>
    );
  return <AcceptDialog key={episode.id} episode={episode} onClose={close} onMissing={onMissing} />;
}

function Told(props: { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }) {
  return (
    <Modal opened onClose={props.onClose} title={props.title}>
      <Stack gap="md">
        {props.children}
        <Group justify="flex-end">
          <Button onClick={props.onClose} data-autofocus>
            Show the contact
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Decided({ episode }: { readonly episode: Episode }) {
  const { decidedAt, owner, reason, note } = episode;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <EpisodeBadge state={episode.state} />
        <Text>
          {decidedAt === null ? null : <When at={decidedAt} />}
          {owner === null ? '' : `, owned by ${owner.name}`}
        </Text>
      </Group>
      {reason === null ? null : <Text>Reason: {reason.label}</Text>}
      {note === null ? null : <Text c="dimmed">“{note}”</Text>}
    </Stack>
  );
}

function AcceptDialog(props: {
  readonly episode: Episode;
  readonly onClose: () => void;
  readonly onMissing: () => void;
}) {
  const { episode, onClose, onMissing } = props;
  const decisions = useDecisions();
  const me = useUser();
  const [note, setNote] = useState('');
  const [isRejecting, setRejecting] = useState(false);
  const { contact, owner } = episode;
  if (isRejecting)
    return <RejectDialog episode={episode} decisions={decisions} onClose={onClose} onDone={onClose} />;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const ask = () => {
      onClose();
      onMissing();
    };
    if (await decisions.accept(episode, note.trim(), ask)) onClose();
  };
  const role = roleWords(contact);
  return (
    <Modal opened onClose={onClose} title={`Accept ${contact.name}?`}>
      <form onSubmit={event => void submit(event)} onKeyDown={submitByKeys}>
        <Stack gap="md">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Stack gap={4}>
              {role === '' ? null : <Text c="dimmed">{role}</Text>}
              <Group gap="xs">
                <DueChip episode={episode} />
              </Group>
            </Stack>
            <ScoreMark total={episode.total} grade={episode.grade} />
          </Group>
          <Text>{episode.sentence}</Text>
          <PointChips lines={episode.topLines} />
          <Flag episode={episode} />
          {stillMissing(episode.qualification) === null ? null : (
            <Text c="dimmed">{stillMissing(episode.qualification)}.</Text>
          )}
          {episode.workRefused === null && owner !== null && owner.id !== me.id ? (
            <Alert color="amber" variant="light">
              This lead belongs to {owner.name}.
            </Alert>
          ) : null}
          {episode.workRefused === null ? (
            <>
              <Textarea
                label="Note (optional)"
                value={note}
                maxLength={4000}
                autosize
                minRows={2}
                onChange={event => setNote(event.currentTarget.value)}
              />
              <Group justify="space-between" gap="xs">
                <Button variant="subtle" color="gray" onClick={onClose}>
                  Look first
                </Button>
                <Group gap="xs">
                  <Button variant="outline" color="brick" onClick={() => setRejecting(true)}>
                    Reject
                  </Button>
                  <Button type="submit" loading={decisions.isBusy} data-autofocus>
                    Accept
                  </Button>
                </Group>
              </Group>
            </>
          ) : (
            <Text c="dimmed">{episode.workRefused} You can look at the contact.</Text>
          )}
        </Stack>
      </form>
    </Modal>
  );
}
