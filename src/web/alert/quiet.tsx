import { Chip, Group, Stack, Switch, Text } from '@mantine/core';
import type { QuietHoursForm } from '../../contract/api/preference.ts';
import { DAY_NAMES, type DayName } from '../../core/time/clock.ts';
import { ClockInput } from '../kit/clockinput.tsx';
import { WEEKDAYS } from '../words/hours.ts';

/** The quiet hours of somebody who has just asked for some. */
const USUAL: QuietHoursForm = { from: '19:00', to: '08:00' };

/** Chooses the hours in which e-mail and Slack keep quiet, and on which days. */
export function QuietFields(props: {
  readonly value: QuietHoursForm | null;
  readonly error: string | null;
  readonly onChange: (quiet: QuietHoursForm | null) => void;
}) {
  const { value, error, onChange } = props;
  return (
    <Stack gap="xs">
      <Switch
        label="Quiet hours"
        description="E-mail and Slack wait and come as one message afterwards. Urgent things, and leads whose time would run out meanwhile, come through."
        checked={value !== null}
        onChange={event => onChange(event.currentTarget.checked ? USUAL : null)}
      />
      {value === null ? null : (
        <Stack gap="xs" pl={{ base: 0, xs: 52 }}>
          <Group gap="xs" align="center">
            <ClockInput
              label="Quiet from"
              value={value.from}
              isWrong={error !== null}
              onChange={from => onChange({ ...value, from })}
            />
            <Text>to</Text>
            <ClockInput
              label="Quiet to"
              value={value.to}
              isWrong={error !== null}
              onChange={to => onChange({ ...value, to })}
            />
            {value.to < value.from ? <Text c="dimmed">the next morning</Text> : null}
          </Group>
          {error === null && value.from !== value.to ? null : (
            <Text size="xs" c="var(--baton-bad)">
              {error ?? 'Choose two different times'}
            </Text>
          )}
          <Days value={value} onChange={onChange} />
        </Stack>
      )}
    </Stack>
  );
}

function Days({
  value,
  onChange,
}: {
  readonly value: QuietHoursForm;
  readonly onChange: (quiet: QuietHoursForm) => void;
}) {
  const set = (names: readonly string[]) => {
    const days = DAY_NAMES.filter(day => names.includes(day));
    const { from, to } = value;
    // No day at all would be no quiet hours: the switch above says that.
    if (days.length === 0) return;
    onChange(days.length === DAY_NAMES.length ? { from, to } : { from, to, days: [...days] });
  };
  const days: readonly DayName[] = value.days ?? DAY_NAMES;
  return (
    <Chip.Group multiple value={[...days]} onChange={set}>
      <Group gap={6} role="group" aria-label="Days on which quiet hours begin">
        {WEEKDAYS.map(([id, label]) => (
          <Chip key={id} value={id} size="xs" aria-label={label}>
            {label.slice(0, 3)}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
