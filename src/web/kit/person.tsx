import { Select } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { mayWork } from '../../contract/role.ts';
import { useCall } from '../client/query.ts';
import { Await, Loading } from './state.tsx';

interface Props {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  /** Somebody who is not to be chosen. */
  readonly without?: string | undefined;
}

/** Chooses one of the active people who work leads. */
export function PersonPicker(props: Props) {
  const users = useCall('listUsers', {});
  return (
    <Await query={users} loading={<Loading rows={1} height={58} />}>
      {({ items }) => (
        <Picker
          {...props}
          people={items.filter(user => user.active && mayWork(user.role) && user.id !== props.without)}
        />
      )}
    </Await>
  );
}

function Picker(
  props: Props & { readonly people: readonly { readonly id: string; readonly name: string }[] },
) {
  // The dialog may open before the people are there; then its own focus has found no place yet.
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <Select
      ref={input}
      label={props.label}
      placeholder="Choose a person"
      searchable
      required
      data-autofocus
      nothingFoundMessage="Nobody has that name"
      value={props.value}
      onChange={props.onChange}
      data={props.people.map(({ id, name }) => ({ value: id, label: name }))}
    />
  );
}
