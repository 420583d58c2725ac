import { Alert, Button, Group, Modal, Stack, Switch, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { type FormEvent, useState } from 'react';
import type { Availability } from '../../contract/api/team.ts';
import { errorWords, problemAt } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { showDone } from '../kit/notice.tsx';
import { Await } from '../kit/state.tsx';
import { ZonePicker } from '../kit/zone.tsx';
import { type DaySpans, hoursOf, spansProblem, USUAL_WEEK, WEEKDAYS, weekOf } from '../words/hours.ts';
import { DayRow, OpenDays } from './day.tsx';
import type { Who } from './pause.ts';

/** Says when somebody works: zone, hours of the week, holidays, and hours of single dates. */
export function HoursDialog({ who, onClose }: { readonly who: Who; readonly onClose: () => void }) {
  const availability = useCall('getAvailability', { params: { id: who.userId } });
  return (
    <Modal opened onClose={onClose} title={`Working hours of ${who.name}`} size="lg">
      <Await query={availability}>{data => <HoursForm of={data} onClose={onClose} />}</Await>
    </Modal>
  );
}

function HoursForm({ of, onClose }: { readonly of: Availability; readonly onClose: () => void }) {
  const [timezone, setTimezone] = useState(of.timezone);
  const [isAlways, setAlways] = useState(of.hours === null);
  const [week, setWeek] = useState(of.hours === null ? USUAL_WEEK : weekOf(of.hours));
  const [holidays, setHolidays] = useState<string[]>([...of.holidays]);
  const [open, setOpen] = useState<Availability['open']>(of.open);
  const saving = useChange('saveAvailability');
  const isEmpty = !isAlways && week.every(spans => spans.length === 0);
  const isOpenWrong = open.some(({ hours }) => hours.length === 0 || spansProblem(hours) !== null);
  const isWrong = isOpenWrong || (!isAlways && (isEmpty || week.some(spans => spansProblem(spans) !== null)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWrong) return;
    const { paused, pausedNote } = of;
    const hours = isAlways ? null : hoursOf(week);
    saving.mutate(
      { params: { id: of.userId }, body: { timezone, hours, holidays, open, paused, pausedNote } },
      {
        onSuccess: () => {
          showDone(`The working hours of ${of.name} are saved.`);
          onClose();
        },
      },
    );
  };
  const setDay = (day: number, spans: DaySpans) =>
    setWeek(week.map((before, index) => (index === day ? spans : before)));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <ZonePicker
          description="All times below are on this clock; a new working day begins at its midnight"
          value={timezone}
          error={problemAt(saving.error, 'timezone')}
          onChange={setTimezone}
        />
        <Switch
          label="Always at work"
          description="Leads come at any hour of any day"
          checked={isAlways}
          onChange={event => setAlways(event.currentTarget.checked)}
        />
        {isAlways ? null : (
          <Stack gap="xs">
            {WEEKDAYS.map(([id, label], day) => (
              <DayRow key={id} label={label} spans={week[day] ?? []} onChange={spans => setDay(day, spans)} />
            ))}
            <Button
              variant="subtle"
              size="compact-sm"
              style={{ alignSelf: 'flex-start' }}
              onClick={() => setWeek(week.map((spans, day) => (day < 5 ? (week[0] ?? []) : spans)))}
            >
              Monday's hours for all weekdays
            </Button>
            {isEmpty ? (
              <Text size="xs" c="var(--baton-bad)">
                A person without working hours would never get a lead. To stop leads, pause {of.name}.
              </Text>
            ) : null}
          </Stack>
        )}
        <DatePickerInput
          type="multiple"
          label="Holidays"
          description="Single days without work, beside time off"
          placeholder="None"
          valueFormat="D MMM YYYY"
          clearable
          value={holidays}
          onChange={setHolidays}
          error={problemAt(saving.error, 'holidays')}
        />
        <OpenDays days={open} onChange={setOpen} error={problemAt(saving.error, 'open')} />
        {saving.error === null ? null : <Alert color="brick">{errorWords(saving.error)}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={isWrong}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
