import '@mantine/dates/styles.layer.css';
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import dayjs from 'dayjs';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Icon } from '../kit/icon.tsx';
import { submitByKeys } from '../kit/keys.tsx';
import { showDone, showFailure } from '../kit/notice.tsx';
import { nurtureDay } from './words.ts';

/** A recycled lead, as far as one decides whether it is looked at again. */
interface Recycled {
  readonly episodeId: string;
  readonly contact: { readonly id: string; readonly name: string };
  readonly workRefused: string | null;
  /** Whether a date is set that can be dropped. */
  readonly hasDate: boolean;
}

/** What can be done with a recycled lead: a new handoff now, another date, or neither; what the caller may not do is said. */
export function WakeupChoices({ lead, isDue }: { readonly lead: Recycled; readonly isDue: boolean }) {
  const [isAsking, setAsking] = useState(false);
  const opening = useChange('requalifyEpisode');
  const moving = useChange('moveWakeup');
  const may = useMay();
  const navigate = useNavigate();
  const { contact, workRefused } = lead;
  const params = { id: lead.episodeId };
  const open = async () => {
    try {
      await opening.mutateAsync({ params, body: {} });
      showDone(`${contact.name} is handed over again.`);
      await navigate(`/contacts/${contact.id}`);
    } catch (error) {
      showFailure(error);
    }
  };
  const leave = async () => {
    try {
      await moving.mutateAsync({ params, body: { until: null } });
      showDone(`${contact.name} stays in nurture without a date.`);
    } catch (error) {
      showFailure(error);
    }
  };
  if (!may('moveWakeup')) return null;
  if (workRefused !== null)
    return (
      <Text size="sm" c="dimmed">
        {workRefused}
      </Text>
    );
  const isBusy = opening.isPending || moving.isPending;
  return (
    <Group gap="xs">
      <Button
        variant={isDue ? 'filled' : 'default'}
        leftSection={<Icon name="next" />}
        loading={opening.isPending}
        disabled={isBusy}
        aria-label={`Open a new handoff for ${contact.name}`}
        onClick={() => void open()}
      >
        Open a new handoff
      </Button>
      <Button
        variant="default"
        leftSection={<Icon name="snooze" />}
        disabled={isBusy}
        aria-label={`${waitWords(lead, isDue)}, ${contact.name}`}
        onClick={() => setAsking(true)}
      >
        {waitWords(lead, isDue)}
      </Button>
      {lead.hasDate ? (
        <Button
          variant="subtle"
          color="gray"
          loading={moving.isPending && !isAsking}
          disabled={isBusy}
          aria-label={`Leave it, ${contact.name}`}
          onClick={() => void leave()}
        >
          Leave it
        </Button>
      ) : null}
      {isAsking ? <DateDialog lead={lead} onClose={() => setAsking(false)} /> : null}
    </Group>
  );
}

function waitWords({ hasDate }: Recycled, isDue: boolean): string {
  return isDue ? 'Wait longer' : hasDate ? 'Another date' : 'Set a date';
}

/** From today, in months. */
const PRESETS = [1, 3, 6] as const;

function DateDialog({ lead, onClose }: { readonly lead: Recycled; readonly onClose: () => void }) {
  const [day, setDay] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const moving = useChange('moveWakeup');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (day === null) return setProblem('Choose a day.');
    const until = dayjs(day).startOf('day').toISOString();
    try {
      await moving.mutateAsync({ params: { id: lead.episodeId }, body: { until } });
      showDone(`${lead.contact.name} is looked at again on ${nurtureDay(until)}.`);
      onClose();
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  return (
    <Modal opened onClose={onClose} title={`When to look at ${lead.contact.name} again`}>
      <form onSubmit={event => void submit(event)} onKeyDown={submitByKeys}>
        <Stack gap="md">
          <Group gap="xs">
            {PRESETS.map(months => (
              <Button
                key={months}
                variant="default"
                onClick={() => setDay(dayjs().add(months, 'month').format('YYYY-MM-DD'))}
              >
                In {months === 1 ? 'a month' : `${months} months`}
              </Button>
            ))}
          </Group>
          <DatePickerInput
            label="Day"
            description="Its owner is told that day, and the lead stands in My day."
            placeholder="Choose a day"
            value={day}
            onChange={setDay}
            minDate={dayjs().add(1, 'day').format('YYYY-MM-DD')}
            maxDate={dayjs().add(2, 'year').format('YYYY-MM-DD')}
            valueFormat="D MMM YYYY"
          />
          {problem === null ? null : <Alert color="brick">{problem}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={moving.isPending}>
              Wait until then
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
