import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useCall } from '../client/query.ts';

/** How long typing must rest before contacts are asked for, in milliseconds. */
const TYPING_MS = 250;
/** As many as are worth reading through; more are found by typing on. */
const SHOWN = 20;

/** Chooses a contact by name, address or company. */
export function ContactPicker(props: {
  readonly label?: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), TYPING_MS);
  const [chosen, setChosen] = useState<{ readonly value: string; readonly label: string } | null>(null);
  const contacts = useCall('listContacts', { query: { q, limit: SHOWN } }, { keep: true });
  const found = (contacts.data?.items ?? []).map(({ id, name, company }) => ({
    value: id,
    label: company === null ? name : `${name}, ${company}`,
  }));
  const data =
    chosen === null || found.some(({ value }) => value === chosen.value) ? found : [chosen, ...found];
  return (
    <Select
      label={props.label ?? 'Lead'}
      placeholder="Name, e-mail or company"
      searchable
      clearable
      nothingFoundMessage={contacts.isFetching ? 'Searching …' : 'Nobody has that name'}
      searchValue={text}
      onSearchChange={setText}
      // The server has searched already, also by e-mail, which the labels do not show.
      filter={({ options }) => options}
      value={props.value}
      data={data}
      onChange={id => {
        setChosen(data.find(({ value }) => value === id) ?? null);
        props.onChange(id);
      }}
      style={{ flex: '1 1 240px' }}
    />
  );
}
