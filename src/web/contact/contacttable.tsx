import { Anchor, Checkbox, Table, Text, UnstyledButton } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { sourceName } from '../../core/text/name.ts';
import type { CallOutput } from '../client/client.ts';
import { Icon } from '../kit/icon.tsx';
import { ScoreMark, StageBadge } from '../kit/mark.tsx';
import { When } from '../kit/when.tsx';
import type { ContactSort } from './contactfilters.tsx';
import css from './contacts.module.css';

/** A contact of the list. */
export type ContactItem = CallOutput<'listContacts'>['items'][number];

/** The contacts in dense rows; what the width does not hold is left out from the right, the name never. */
export function ContactTable(props: {
  readonly items: readonly ContactItem[];
  readonly sort: ContactSort;
  readonly onSort: (sort: ContactSort) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}) {
  const { items, selected, onSelect } = props;
  const count = items.filter(({ id }) => selected.has(id)).length;
  const head = (sort: ContactSort, label: string, className = '') => (
    <SortHead
      label={label}
      className={className}
      isActive={props.sort === sort}
      isUp={sort === 'name'}
      onSort={() => props.onSort(sort)}
    />
  );
  const pick = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    <div className={css.frame}>
      <Table
        highlightOnHover
        stickyHeader
        stickyHeaderOffset={56}
        className={css.table}
        aria-label="Contacts"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={css.pick}>
              <Checkbox
                size="xs"
                aria-label="Select all that are shown"
                checked={count > 0 && count === items.length}
                indeterminate={count > 0 && count < items.length}
                onChange={() =>
                  onSelect(count === items.length ? new Set() : new Set(items.map(({ id }) => id)))
                }
              />
            </Table.Th>
            {head('name', 'Name', css.name)}
            <Table.Th className={css.company}>Company</Table.Th>
            <Table.Th className={css.stage}>Stage</Table.Th>
            {head('-total', 'Score', css.score)}
            <Table.Th className={css.owner}>Owner</Table.Th>
            <Table.Th className={css.source}>Source</Table.Th>
            {head('-lastSeenAt', 'Last seen', css.seen)}
            {head('-createdAt', 'Created', css.created)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(item => (
            <ContactRow
              key={item.id}
              item={item}
              isSelected={selected.has(item.id)}
              onPick={() => pick(item.id)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function ContactRow(props: {
  readonly item: ContactItem;
  readonly isSelected: boolean;
  readonly onPick: () => void;
}) {
  const { item, isSelected, onPick } = props;
  const navigate = useNavigate();
  const about = [item.title, item.email].filter(part => part !== null).join(' · ');
  return (
    <Table.Tr
      className={css.row}
      data-selected={isSelected}
      onClick={() => void navigate(`/contacts/${item.id}`)}
    >
      <Table.Td className={css.pick} onClick={event => event.stopPropagation()}>
        <Checkbox size="xs" aria-label={`Select ${item.name}`} checked={isSelected} onChange={onPick} />
      </Table.Td>
      <Table.Td className={css.name}>
        <Anchor
          component={Link}
          to={`/contacts/${item.id}`}
          fw={600}
          c="inherit"
          className={css.cut}
          onClick={event => event.stopPropagation()}
        >
          {item.name}
        </Anchor>
        <Text size="xs" c="dimmed" truncate title={about}>
          {about === '' ? 'No e-mail address' : about}
        </Text>
        <Text size="xs" c="dimmed" truncate className={css.small}>
          {item.company}
        </Text>
      </Table.Td>
      <Table.Td className={css.company}>
        <Text truncate title={item.company ?? ''}>
          {item.company ?? '–'}
        </Text>
      </Table.Td>
      <Table.Td className={css.stage}>
        <StageBadge stage={item.stage} />
      </Table.Td>
      <Table.Td className={css.score}>
        <ScoreMark total={item.total} grade={item.grade} />
      </Table.Td>
      <Table.Td className={css.owner}>
        <Text truncate>{item.owner?.name ?? '–'}</Text>
      </Table.Td>
      <Table.Td className={css.source}>
        <Text truncate {...(item.source === null ? {} : { title: item.source })}>
          {item.source === null ? '–' : sourceName(item.source)}
        </Text>
      </Table.Td>
      <Table.Td className={css.seen} c="dimmed">
        {item.lastSeenAt === null ? '–' : <When at={item.lastSeenAt} />}
      </Table.Td>
      <Table.Td className={css.created} c="dimmed">
        <When at={item.createdAt} />
      </Table.Td>
    </Table.Tr>
  );
}

function SortHead(props: {
  readonly label: string;
  readonly className: string | undefined;
  readonly isActive: boolean;
  readonly isUp: boolean;
  readonly onSort: () => void;
}) {
  const { label, className, isActive, isUp, onSort } = props;
  const direction = isUp ? 'ascending' : 'descending';
  return (
    <Table.Th aria-sort={isActive ? direction : 'none'} className={className ?? ''}>
      <UnstyledButton onClick={onSort} className={css.sort} data-active={isActive}>
        {label}
        <span style={{ visibility: isActive ? 'visible' : 'hidden' }}>
          <Icon name={isUp ? 'up' : 'down'} size={14} />
        </span>
      </UnstyledButton>
    </Table.Th>
  );
}
