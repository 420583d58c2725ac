import { TimePicker } from '@mantine/dates';

/** A time of day on a clock of 24 hours, `09:30`; empty while it is not typed in full. */
export function ClockInput(props: {
  /** What the time is, for screen readers; also shown above when `isShown`. */
  readonly label: string;
  readonly isShown?: boolean;
  readonly size?: 'xs' | 'sm';
  readonly value: string;
  readonly isWrong?: boolean;
  readonly onChange: (time: string) => void;
}) {
  const { label, isShown = false, size = 'sm', value, isWrong = false, onChange } = props;
  return (
    <TimePicker
      {...(isShown ? { label } : {})}
      size={size}
      format="24h"
      hoursInputLabel={`${label}, hours`}
      minutesInputLabel={`${label}, minutes`}
      value={value}
      error={isWrong}
      onChange={onChange}
    />
  );
}
