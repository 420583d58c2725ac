import { Autocomplete, Group, Select, Table, Text, TextInput } from '@mantine/core';
import type { CallOutput } from '../client/client.ts';
import css from './import.module.css';
import { DATE_CHOICES, ENCODING_CHOICES } from './words.ts';

/** What a person says of how a file is read, beyond what Baton finds by itself. */
export interface Wishes {
  /** By column, the field that its values go to; blank for a column that is left out. */
  readonly columns: Readonly<Record<string, string>>;
  readonly dates: string;
  readonly zone: string;
  readonly encoding: string;
  readonly isComma: boolean;
  /** Addresses that several people share. */
  readonly shared: readonly string[];
}

/** Nothing said yet. */
export const NO_WISHES: Wishes = {
  columns: {},
  dates: '',
  zone: '',
  encoding: '',
  isComma: false,
  shared: [],
};

/** The mapping that wishes are, over the shipped one by which the file was recognised. */
export function mappingOf(wishes: Wishes, source: string | null): Readonly<Record<string, unknown>> {
  const entries = Object.entries(wishes.columns);
  const columns = entries.filter(([, field]) => field.trim() !== '');
  const ignore = entries.flatMap(([column, field]) => (field.trim() === '' ? [column] : []));
  const dates = {
    ...(wishes.dates === '' ? {} : { format: wishes.dates }),
    ...(wishes.zone.trim() === '' ? {} : { zone: wishes.zone.trim() }),
  };
  return {
    ...(source === null || entries.length === 0 ? {} : { like: source }),
    ...(columns.length === 0 ? {} : { columns: Object.fromEntries(columns) }),
    ...(ignore.length === 0 ? {} : { ignore }),
    ...(Object.keys(dates).length === 0 ? {} : { dates }),
    ...(wishes.encoding === '' ? {} : { encoding: wishes.encoding }),
    ...(wishes.isComma ? { numbers: 'comma' } : {}),
    ...(wishes.shared.length === 0 ? {} : { shared: wishes.shared }),
  };
}

type Looked = CallOutput<'previewImport'>;

/** Each column of a file with a value of it, and the field that it is read as, to be changed. */
export function Columns(props: {
  readonly looked: Looked;
  readonly wishes: Wishes;
  readonly onChange: (column: string, field: string) => void;
}) {
  const { looked, wishes, onChange } = props;
  const readAs = new Map(looked.preview?.columns.map(({ column, readAs: field }) => [column, field]));
  const unread = new Map(looked.preview?.unread?.map(({ column, suggestion }) => [column, suggestion]));
  return (
    // A region that scrolls can be reached by the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className={css.scroll} tabIndex={0} aria-label="Columns of the file">
      <Table aria-label="Columns">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th visibleFrom="sm">For example</Table.Th>
            <Table.Th>Read as</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {looked.header.map((column, index) =>
            column === '' ? null : (
              <Table.Tr key={column}>
                <Table.Td>{column}</Table.Td>
                <Table.Td visibleFrom="sm">
                  <Text className={css.sample ?? ''} c="dimmed">
                    {looked.samples[index]}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Autocomplete
                    aria-label={`${column} is read as`}
                    placeholder="Not read"
                    size="xs"
                    data={[
                      'id',
                      'email',
                      'createdAt',
                      ...looked.fields.filter(field => field !== 'contact.email'),
                    ]}
                    value={wishes.columns[column] ?? readAs.get(column) ?? ''}
                    onChange={field => onChange(column, field)}
                    limit={40}
                    comboboxProps={{ keepMounted: false }}
                  />
                  {unread.has(column) ? (
                    <Text size="xs" c="var(--baton-soon)">
                      No rule reads this
                      {(unread.get(column) ?? null) === null ? '.' : `; did you mean ${unread.get(column)}?`}
                    </Text>
                  ) : null}
                </Table.Td>
              </Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** How dates, numbers and characters of a file are written. */
export function Forms(props: {
  readonly wishes: Wishes;
  readonly onChange: (part: Partial<Wishes>) => void;
}) {
  const { wishes, onChange } = props;
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label="Dates"
        data={[...DATE_CHOICES]}
        value={wishes.dates}
        allowDeselect={false}
        onChange={dates => onChange({ dates: dates ?? '' })}
        style={{ flex: '1 1 180px' }}
      />
      <TextInput
        label="Time zone of times without one"
        placeholder="Europe/Berlin"
        value={wishes.zone}
        onChange={event => onChange({ zone: event.currentTarget.value })}
        style={{ flex: '1 1 180px' }}
      />
      <Select
        label="Characters"
        data={[...ENCODING_CHOICES]}
        value={wishes.encoding}
        allowDeselect={false}
        onChange={encoding => onChange({ encoding: encoding ?? '' })}
        style={{ flex: '1 1 180px' }}
      />
      <Select
        label="Decimals"
        data={[
          { value: 'point', label: '1250.50' },
          { value: 'comma', label: '1.250,50' },
        ]}
        value={wishes.isComma ? 'comma' : 'point'}
        allowDeselect={false}
        onChange={value => onChange({ isComma: value === 'comma' })}
        w={130}
      />
    </Group>
  );
}
