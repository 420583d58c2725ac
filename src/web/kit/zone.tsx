import { Select } from '@mantine/core';

/** Every zone this browser knows, and UTC, which it may leave out. */
const ZONES: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** The viewer's own zone. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Chooses a time zone by its name; the viewer's own stands first. */
export function ZonePicker(props: {
  readonly value: string;
  readonly onChange: (zone: string) => void;
  readonly description?: string;
  readonly error?: string | null;
}) {
  const rest = ZONES.filter(zone => zone !== HERE);
  const known = ZONES.includes(props.value) ? [] : [props.value];
  return (
    <Select
      label="Time zone"
      description={props.description}
      searchable
      allowDeselect={false}
      limit={50}
      maxDropdownHeight={260}
      nothingFoundMessage="No time zone has that name"
      value={props.value}
      error={props.error}
      onChange={value => props.onChange(value ?? props.value)}
      data={[...known, HERE, ...rest].map(zone => ({
        value: zone,
        label: `${zone.replaceAll('_', ' ')}${zone === HERE ? ' (this computer)' : ''}`,
      }))}
    />
  );
}
