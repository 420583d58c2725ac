import { Anchor, Group, Select, Text } from '@mantine/core';
import { Fragment, useEffect, useRef } from 'react';
import { mayWork } from '../../contract/role.ts';
import { addressIn } from '../../core/contact/email.ts';
import { useCall } from '../client/query.ts';
import css from './address.module.css';
import { phoneLink } from './link.ts';
import { Await, Loading } from './state.tsx';

interface Props {
  readonly label: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  /** Somebody who is not to be chosen. */
  readonly without?: string | undefined;
  /** What helps to choose, by the person's id: how much they have, whether they are there. */
  readonly notes?: ReadonlyMap<string, string>;
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
      renderOption={({ option }) => (
        <Group justify="space-between" gap="md" wrap="nowrap" flex={1}>
          <span>{option.label}</span>
          <Text size="xs" c="dimmed" ta="right">
            {props.notes?.get(option.value)}
          </Text>
        </Group>
      )}
    />
  );
}

/** Where a person is reached: the address writes, the number calls. */
export function Reach({ email, phone }: { readonly email: string | null; readonly phone: string | null }) {
  return (
    <Group component="span" display="inline-flex" style={{ columnGap: 12, rowGap: 0 }}>
      {email === null ? null : <MailLink email={email} />}
      {phone === null ? null : <Anchor href={phoneLink(phone)}>{phone}</Anchor>}
    </Group>
  );
}

/** An e-mail address as a link to write to; of one that cannot be read, that somebody must mend it. */
export function MailLink({ email }: { readonly email: string }) {
  if (addressIn(email) === null)
    return (
      <span>
        {email}{' '}
        <Text component="span" c="var(--baton-bad)" inherit>
          (this address cannot be read: ask for it, and complete it)
        </Text>
      </span>
    );
  return (
    <Anchor href={`mailto:${encodeURIComponent(email)}`} className={css.address}>
      <Address of={email} />
    </Anchor>
  );
}

/** An e-mail or web address that breaks where its parts end, where it must break at all. */
export function Address({ of: address }: { readonly of: string }) {
  return [...address.matchAll(/[@/]*[^@./]*\.?/g)].map(({ 0: part, index }) => (
    <Fragment key={index}>
      {index === 0 ? null : <wbr />}
      {part}
    </Fragment>
  ));
}
