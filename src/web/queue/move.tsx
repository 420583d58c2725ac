import { Alert, Button, Divider, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { MOST_MOVED, type MovedLead } from '../../contract/api/board.ts';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { counted } from '../../core/text/number.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { useNow } from '../kit/clock.ts';
import { Icon } from '../kit/icon.tsx';
import { submitByKeys } from '../kit/keys.tsx';
import shared from '../kit/list.module.css';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';
import { PersonPicker } from '../kit/person.tsx';
import { loadNotes } from '../routing/teamwords.ts';

type Lead = Pick<EpisodeHead, 'id' | 'contact' | 'owner'>;

/** Gives leads that were moved back to the people who had them, a call for each of these. */
function useGiveBack() {
  const moving = useChange('reassignEpisodes');
  return async (moved: readonly MovedLead[]) => {
    const owners = new Set(moved.flatMap(({ previousOwner }) => previousOwner?.id ?? []));
    let back = 0;
    try {
      for (const ownerId of owners) {
        const ids = moved.filter(({ previousOwner }) => previousOwner?.id === ownerId).map(({ id }) => id);
        const { items } = await moving.mutateAsync({ body: { ids, ownerId } });
        back += items.filter(({ refused }) => refused === null).length;
      }
      showDone(`${counted(back, 'lead')} went back to where they were.`);
    } catch (error) {
      showFailure(error);
    }
  };
}

/** What can be done with the leads that are chosen; nothing while none is. */
export function MoveBar({
  leads,
  onClear,
}: {
  readonly leads: readonly Lead[];
  readonly onClear: () => void;
}) {
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (leads.length === 0 || !may('reassignEpisodes')) return null;
  const isTooMany = leads.length > MOST_MOVED;
  return (
    <section className={shared.bar} aria-label="Selected leads">
      <Text fw={600}>{counted(leads.length, 'lead')} selected</Text>
      <Button
        size="xs"
        leftSection={<Icon name="swap" size={14} />}
        disabled={isTooMany}
        title={isTooMany ? `At most ${MOST_MOVED} at once` : ''}
        onClick={() => setOpen(true)}
      >
        Reassign …
      </Button>
      <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
        Clear
      </Button>
      {isOpen ? <MoveDialog leads={leads} onClose={() => setOpen(false)} onDone={onClear} /> : null}
    </section>
  );
}

/** Gives leads to one person, or has them routed anew; says of each that stayed why it did. */
export function MoveDialog(props: {
  readonly leads: readonly Lead[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { leads, onClose, onDone } = props;
  const [ownerId, setOwnerId] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [refused, setRefused] = useState<readonly MovedLead[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const moving = useChange('reassignEpisodes');
  const giveBack = useGiveBack();
  const now = useNow();
  const teams = useCall('listTeams', {}).data?.items ?? [];
  const move = async (to: string | null) => {
    setProblem(null);
    try {
      const ids = leads.map(({ id }) => id);
      const body = { ids, ownerId: to, ...(note.trim() === '' ? {} : { note: note.trim() }) };
      const { items } = await moving.mutateAsync({ body });
      const moved = items.filter(item => item.refused === null);
      const stayed = items.filter(item => item.refused !== null);
      if (moved.length > 0) showMoved(moved, to, lead => void giveBack(lead));
      setRefused(stayed);
      if (stayed.length === 0) onClose();
      if (stayed.length === 0 || moved.length > 0) onDone();
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ownerId !== null) void move(ownerId);
  };
  return (
    <Modal opened onClose={onClose} title={`Reassign ${counted(leads.length, 'lead')}`}>
      <form onSubmit={submit} onKeyDown={submitByKeys}>
        <Stack gap="md">
          <PersonPicker
            label="New owner"
            value={ownerId}
            onChange={setOwnerId}
            notes={loadNotes(teams, now)}
          />
          <Textarea
            label="Note (optional)"
            description="Kept on the timeline of each contact."
            value={note}
            maxLength={4000}
            autosize
            minRows={2}
            onChange={event => setNote(event.currentTarget.value)}
          />
          {problem === null ? null : <Alert color="brick">{problem}</Alert>}
          {refused.length === 0 ? null : (
            <Alert color="amber" title={`${counted(refused.length, 'lead')} stayed`}>
              <List size="sm">
                {refused.map(({ id, contact, refused: why }) => (
                  <List.Item key={id}>
                    {contact?.name ?? id}: {why}
                  </List.Item>
                ))}
              </List>
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {refused.length === 0 ? 'Cancel' : 'Close'}
            </Button>
            <Button type="submit" loading={moving.isPending} disabled={ownerId === null}>
              Give
            </Button>
          </Group>
          <Divider label="or" />
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Text size="sm">By the agreement, to anybody but their owners.</Text>
            <Button
              variant="default"
              style={{ flexShrink: 0 }}
              loading={moving.isPending}
              onClick={() => void move(null)}
            >
              Route anew
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Says where leads went, with a button that gives those back that somebody had before. */
function showMoved(
  moved: readonly MovedLead[],
  to: string | null,
  giveBack: (leads: readonly MovedLead[]) => void,
): void {
  const waiting = moved.filter(({ owner }) => owner === null).length;
  const name = to === null ? null : (moved[0]?.owner?.name ?? 'somebody else');
  const words =
    name === null
      ? `${counted(moved.length, 'lead')} routed anew${waiting === 0 ? '' : `; ${waiting} of them wait for somebody`}.`
      : `${counted(moved.length, 'lead')} now with ${name}.`;
  const owned = moved.filter(({ previousOwner }) => previousOwner !== null);
  if (owned.length === 0) showDone(words);
  else showUndoable({ id: 'moved leads', words, onUndo: () => giveBack(owned) });
}
