import { ActionIcon, Button, Group, Stack, Switch, Text } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import type { Availability } from '../../contract/api/team.ts';
import { dateWords } from '../../core/time/span.ts';
import { ClockInput } from '../kit/clockinput.tsx';
import { Icon } from '../kit/icon.tsx';
import { type DaySpans, endsOf, spansProblem, USUAL_WEEK } from '../words/hours.ts';
import css from './team.module.css';

const USUAL_DAY: DaySpans = USUAL_WEEK[0] ?? [];

type OpenDay = Availability['open'][number];

/** The dates that have hours of their own; one that is switched off is gone. */
export function OpenDays(props: {
  readonly days: readonly OpenDay[];
  readonly onChange: (days: OpenDay[]) => void;
  readonly error: string | null;
}) {
  const { days, onChange, error } = props;
  const setDates = (dates: readonly string[]) =>
    onChange(
      [...dates].sort().map(date => days.find(day => day.date === date) ?? { date, hours: [...USUAL_DAY] }),
    );
  return (
    <Stack gap="xs">
      <DatePickerInput
        type="multiple"
        label="Days with other hours"
        description="Single days whose hours replace those above, holiday or not"
        placeholder="None"
        valueFormat="D MMM YYYY"
        clearable
        value={days.map(({ date }) => date)}
        onChange={setDates}
        error={error}
      />
      {days.map(({ date, hours }) => (
        <DayRow
          key={date}
          label={dateWords(Date.parse(date))}
          spans={hours}
          onChange={spans =>
            onChange(
              days.flatMap(day =>
                day.date === date ? (spans.length === 0 ? [] : [{ date, hours: [...spans] }]) : [day],
              ),
            )
          }
        />
      ))}
    </Stack>
  );
}

/** The hours of one day, in parts where there is a break. */
export function DayRow(props: {
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
        onChange={event => onChange(event.currentTarget.checked ? USUAL_DAY : [])}
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
