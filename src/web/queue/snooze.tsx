import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { type FormEvent, useState } from 'react';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { MOST_SNOOZE_MS, snoozePresets } from '../../core/followup/snooze.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { useNow } from '../kit/clock.ts';
import { Icon } from '../kit/icon.tsx';
import { submitByKeys } from '../kit/keys.tsx';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';
import { HERE } from '../kit/zone.tsx';
import { dayTimeWords, localText } from '../words/time.ts';
import css from './queue.module.css';
import { PRESET_WORDS, snoozeWords } from './snoozewords.ts';

/** Takes leads out of their owner's queue until a time, and brings them back, each with a notice. */
export function useSnoozes() {
  const snoozing = useChange('snoozeEpisode');
  const waking = useChange('wakeEpisode');
  const wake = async ({ id, contact }: Pick<EpisodeHead, 'id' | 'contact'>) => {
    try {
      await waking.mutateAsync({ params: { id } });
      showDone(`${contact.name} is back in the queue.`);
    } catch (error) {
      showFailure(error);
    }
  };
  return {
    isBusy: snoozing.isPending || waking.isPending,
    wake,
    /** Throws what the server refuses, so that the dialog can show it. */
    snooze: async (lead: EpisodeHead, until: number, note: string) => {
      const body = { until: new Date(until).toISOString(), ...(note === '' ? {} : { note }) };
      await snoozing.mutateAsync({ params: { id: lead.id }, body });
      showUndoable({
        id: `snooze ${lead.id}`,
        words: `${lead.contact.name} comes back ${dayTimeWords(until)}.`,
        onUndo: () => void wake(lead),
      });
    },
  };
}

/** Asks until when a lead is to be out of sight: one of the usual times by one key or click, or a time of one's own. */
export function SnoozeDialog(props: {
  readonly episode: EpisodeHead;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}) {
  const { episode, onClose, onDone } = props;
  const now = useNow();
  const snoozes = useSnoozes();
  const [note, setNote] = useState('');
  const [own, setOwn] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const presets = snoozePresets(now, HERE);
  const snooze = async (until: number) => {
    try {
      await snoozes.snooze(episode, until, note.trim());
      onClose();
      onDone?.();
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (own !== null) void snooze(new Date(own).getTime());
  };
  const isYours = episode.owner === null ? 'its owner’s' : `${episode.owner.name}’s`;
  return (
    <Modal opened onClose={onClose} title={`Snooze ${episode.contact.name}`}>
      <form
        onSubmit={submit}
        onKeyDown={event => {
          submitByKeys(event);
          const preset = presets[Number(event.key) - 1];
          if (event.target instanceof HTMLInputElement || preset === undefined) return;
          event.preventDefault();
          void snooze(preset.until);
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            Out of {isYours} queue until then. Its clocks run on, and the board shows when it is late.
          </Text>
          <Stack gap={6}>
            {presets.map(({ id, until }, index) => (
              <Button
                key={id}
                variant="default"
                justify="space-between"
                data-autofocus={index === 0 ? true : undefined}
                rightSection={
                  <Text size="xs" c="dimmed">
                    {dayTimeWords(until)}
                  </Text>
                }
                onClick={() => void snooze(until)}
              >
                {index + 1} · {PRESET_WORDS[id]}
              </Button>
            ))}
          </Stack>
          <TextInput
            label="Note (optional)"
            description="Shown when it comes back."
            value={note}
            maxLength={1000}
            onChange={event => setNote(event.currentTarget.value)}
          />
          <DateTimePicker
            label="Or at a time of your own"
            placeholder="Day and time"
            value={own}
            minDate={localText(now)}
            maxDate={localText(now + MOST_SNOOZE_MS)}
            valueFormat="D MMM YYYY, HH:mm"
            clearable
            onChange={setOwn}
          />
          {problem === null ? null : <Alert color="brick">{problem}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={snoozes.isBusy} disabled={own === null}>
              Snooze until then
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What a snooze says of a lead in a line: until when, or that it is back, with its note; nothing without one. */
export function SnoozeMark({ episode }: { readonly episode: Pick<EpisodeHead, 'snooze'> }) {
  const now = useNow();
  if (episode.snooze === null) return null;
  const words = snoozeWords(episode.snooze, now);
  return (
    <span title={words} className={css.snoozed}>
      <Icon name="snooze" size={12} />
      <span>{words}</span>
    </span>
  );
}

/** The same with a button that brings the lead back; nothing without a snooze. */
export function Snoozed({ episode }: { readonly episode: EpisodeHead }) {
  const now = useNow();
  const snoozes = useSnoozes();
  if (episode.snooze === null) return null;
  const isAway = Date.parse(episode.snooze.until) > now;
  return (
    <Alert color="amber" variant="light" icon={<Icon name="snooze" />} py="xs">
      <Group gap="sm" justify="space-between">
        {snoozeWords(episode.snooze, now)}
        {isAway && episode.workRefused === null ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={snoozes.isBusy}
            onClick={() => void snoozes.wake(episode)}
          >
            Bring it back
          </Button>
        ) : null}
      </Group>
    </Alert>
  );
}
