import { ActionIcon, Alert, Button, Group, Modal, Stack, Switch, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { type FormEvent, useState } from 'react';
import type { Availability } from '../../contract/api/team.ts';
import { errorWords, problemAt } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { ClockInput } from '../kit/clockinput.tsx';
import { Icon } from '../kit/icon.tsx';
import { showDone } from '../kit/notice.tsx';
import { Await } from '../kit/state.tsx';
import { ZonePicker } from '../kit/zone.tsx';
import {
  type DaySpans,
  endsOf,
  hoursOf,
  spansProblem,
  USUAL_WEEK,
  WEEKDAYS,
  weekOf,
} from '../words/hours.ts';
import type { Who } from './pause.ts';
import css from './team.module.css';

/** Says when somebody works: zone, hours of the week, holidays. */
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
  const saving = useChange('saveAvailability');
  const isEmpty = !isAlways && week.every(spans => spans.length === 0);
  const isWrong = !isAlways && (isEmpty || week.some(spans => spansProblem(spans) !== null));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWrong) return;
    const { paused, pausedNote } = of;
    const hours = isAlways ? null : hoursOf(week);
    saving.mutate(
      { params: { id: of.userId }, body: { timezone, hours, holidays, paused, pausedNote } },
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

function DayRow(props: {
  readonly label: string;
  readonly spans: DaySpans;
  readonly onChange: (spans: DaySpans) => void;
}) {
  const { label, spans, onChange } = props;
  const problem = spansProblem(spans);
  const set = (index: number, span: string) => onChange(spans.map((old, at) => (at === index ? span : old)));
  return (
    <div className={css.day}>
      <Switch
        label={label}
        size="sm"
        mt={6}
        checked={spans.length > 0}
        onChange={event => onChange(event.currentTarget.checked ? (USUAL_WEEK[0] ?? []) : [])}
      />
      <div className={css.spans}>
        {spans.length === 0 ? (
          <Text c="dimmed" size="sm" mt={6}>
            No work
          </Text>
        ) : null}
        {spans.map((span, index) => {
          const [from, to] = endsOf(span);
          const which = spans.length > 1 ? `, part ${index + 1}` : '';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a span has no name but its place
            <Group key={index} gap={6} wrap="nowrap">
              <ClockInput
                size="xs"
                label={`${label} from${which}`}
                value={from}
                onChange={time => set(index, `${time}-${to}`)}
              />
              <Text size="sm" c="dimmed">
                to
              </Text>
              <ClockInput
                size="xs"
                label={`${label} to${which}`}
                value={to === '24:00' ? '23:59' : to}
                onChange={time => set(index, `${from}-${time}`)}
              />
              {spans.length > 1 ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${label}${which}`}
                  onClick={() => onChange(spans.filter((_, at) => at !== index))}
                >
                  <Icon name="cross" size={14} />
                </ActionIcon>
              ) : null}
            </Group>
          );
        })}
        {problem === null ? null : (
          <Text size="xs" c="var(--baton-bad)">
            {problem}
          </Text>
        )}
      </div>
      {spans.length === 1 ? (
        <Button
          variant="subtle"
          size="compact-xs"
          mt={4}
          aria-label={`Add a break on ${label}`}
          onClick={() => onChange(withBreak(spans[0] ?? ''))}
        >
          Add a break
        </Button>
      ) : (
        <span />
      )}
    </div>
  );
}

/** The noon break that most people change the least. */
function withBreak(span: string): DaySpans {
  const [from, to] = endsOf(span);
  return from < '12:30' && to > '13:30' ? [`${from}-12:30`, `13:30-${to}`] : [span, '18:00-19:00'];
}
