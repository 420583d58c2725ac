import {
  Anchor,
  Button,
  Group,
  NumberInput,
  Select,
  Table,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedCallback, useDocumentTitle } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { z } from 'zod';
import type { Api } from '../../contract/api.ts';
import { STAGES } from '../../core/scoring/stage.ts';
import { counted } from '../../core/text/number.ts';
import { type CallOutput, call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { useUser } from '../client/session.tsx';
import { PageHead } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { ScoreMark, StageBadge, stageWords } from '../kit/mark.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import css from './contacts.module.css';

type Filter = z.input<Api['listContacts']['query']>;
type Item = CallOutput<'listContacts'>['items'][number];
const SORTS = ['-total', 'name', '-createdAt', '-lastSeenAt'] as const;
type Sort = (typeof SORTS)[number];

/** Everybody Baton knows, to be searched, filtered and sorted; the address keeps what was chosen. */
export function ContactsPage() {
  useDocumentTitle('Contacts · Baton');
  const [params, setParams] = useSearchParams();
  const filter = readFilter(params);
  const set = (name: string, value: string | null) =>
    setParams(
      previous => {
        const next = new URLSearchParams(previous);
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const pages = usePages({
    key: ['listContacts', filter],
    load: (cursor, signal) => call('listContacts', { query: { ...filter, cursor } }, signal),
  });
  const count = pages.first?.count;
  return (
    <>
      <PageHead
        title="Contacts"
        side={<Text c="dimmed">{count === undefined ? '' : counted(count, 'contact')}</Text>}
      />
      <Filters params={params} set={set} />
      {pages.error !== null && pages.items.length === 0 ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.first === undefined ? (
        <Loading rows={10} />
      ) : pages.items.length === 0 ? (
        <NoContacts isFiltered={params.size > 0} onClear={() => setParams({})} />
      ) : (
        <>
          <ContactTable
            items={pages.items}
            sort={filter.sort ?? '-total'}
            onSort={sort => set('sort', sort)}
          />
          <More pages={pages} mt="md" mx="auto" display="block" />
        </>
      )}
    </>
  );
}

function readFilter(params: URLSearchParams): Filter & { readonly sort?: Sort } {
  const minTotal = Number.parseInt(params.get('min') ?? '', 10);
  return {
    q: params.get('q') ?? undefined,
    stage: STAGES.find(stage => stage === params.get('stage')),
    owner: params.get('owner') ?? undefined,
    minTotal: Number.isNaN(minTotal) ? undefined : minTotal,
    sort: SORTS.find(sort => sort === params.get('sort')) ?? '-total',
  };
}

/** How long typing must rest before the list is asked for, in milliseconds. */
const TYPING_MS = 250;

function Filters(props: {
  readonly params: URLSearchParams;
  readonly set: (name: string, value: string | null) => void;
}) {
  const { params, set } = props;
  const me = useUser();
  const users = useCall('listUsers', {});
  const asked = params.get('q') ?? '';
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  const search = useDebouncedCallback((value: string) => set('q', value.trim()), TYPING_MS);
  const people = (users.data?.items ?? []).filter(user => user.active && user.id !== me.id);
  return (
    <Group gap="sm" mb="md" align="flex-end">
      <TextInput
        type="search"
        label="Search"
        placeholder="Name, e-mail or company"
        leftSection={<Icon name="search" size={16} />}
        value={text}
        maxLength={200}
        onChange={event => {
          setText(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
        style={{ flex: '2 1 220px' }}
      />
      <Select
        label="Stage"
        placeholder="Any"
        clearable
        value={params.get('stage')}
        data={STAGES.map(stage => ({ value: stage, label: stageWords(stage) }))}
        onChange={value => set('stage', value)}
        style={{ flex: '1 1 130px' }}
      />
      <Select
        label="Owner"
        placeholder="Anyone"
        clearable
        searchable
        value={params.get('owner')}
        data={[{ value: 'me', label: 'Me' }, ...people.map(user => ({ value: user.id, label: user.name }))]}
        onChange={value => set('owner', value)}
        style={{ flex: '1 1 150px' }}
      />
      <NumberInput
        label="Total from"
        placeholder="Any"
        allowDecimal={false}
        value={params.get('min') ?? ''}
        onChange={value => set('min', String(value))}
        style={{ flex: '1 1 100px' }}
      />
    </Group>
  );
}

function NoContacts({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  if (isFiltered)
    return (
      <Empty
        icon="search"
        title="No contact matches"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Search looks into names, e-mail addresses and companies.
      </Empty>
    );
  return (
    <Empty
      icon="contacts"
      title="No contacts yet"
      action={
        <Button component={Link} to="/settings/keys">
          Make a write key
        </Button>
      }
    >
      Send events from your site with a write key, or import a file:{' '}
      <code>baton import contacts people.csv</code>
    </Empty>
  );
}

function ContactTable(props: {
  readonly items: readonly Item[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}) {
  const navigate = useNavigate();
  const head = (sort: Sort, label: string) => (
    <SortHead
      label={label}
      isActive={props.sort === sort}
      isUp={sort === 'name'}
      isExtra={sort === '-lastSeenAt' || sort === '-createdAt'}
      onSort={() => props.onSort(sort)}
    />
  );
  return (
    <Table highlightOnHover stickyHeader stickyHeaderOffset={56} className={css.table}>
      <Table.Thead>
        <Table.Tr>
          {head('name', 'Name')}
          <Table.Th visibleFrom="md">Company</Table.Th>
          <Table.Th visibleFrom="sm">Stage</Table.Th>
          {head('-total', 'Score')}
          <Table.Th visibleFrom="md">Owner</Table.Th>
          {head('-lastSeenAt', 'Last seen')}
          {head('-createdAt', 'Created')}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.items.map(item => (
          <Table.Tr key={item.id} className={css.row} onClick={() => void navigate(`/contacts/${item.id}`)}>
            <Table.Td className={css.name}>
              <Anchor
                component={Link}
                to={`/contacts/${item.id}`}
                fw={600}
                c="inherit"
                onClick={event => event.stopPropagation()}
              >
                {item.name}
              </Anchor>
              <Text size="xs" c="dimmed" truncate>
                {item.email ?? 'No e-mail address'}
              </Text>
              <Group gap={6} mt={4} hiddenFrom="sm">
                <StageBadge stage={item.stage} />
                <Text size="xs" c="dimmed" truncate>
                  {item.company}
                </Text>
              </Group>
            </Table.Td>
            <Table.Td visibleFrom="md" className={css.name}>
              <Text lineClamp={1}>{item.company ?? '–'}</Text>
              <Text size="xs" c="dimmed" lineClamp={1}>
                {item.title}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <StageBadge stage={item.stage} />
            </Table.Td>
            <Table.Td>
              <ScoreMark total={item.total} grade={item.grade} />
            </Table.Td>
            <Table.Td visibleFrom="md" className={css.whole}>
              {item.owner?.name ?? '–'}
            </Table.Td>
            <Table.Td visibleFrom="sm" c="dimmed" className={css.whole}>
              {item.lastSeenAt === null ? '–' : <When at={item.lastSeenAt} />}
            </Table.Td>
            <Table.Td visibleFrom="sm" c="dimmed" className={css.whole}>
              <When at={item.createdAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function SortHead(props: {
  readonly label: string;
  readonly isActive: boolean;
  readonly isUp: boolean;
  /** Whether it is left out on a narrow screen. */
  readonly isExtra: boolean;
  readonly onSort: () => void;
}) {
  const { label, isActive, isUp, isExtra, onSort } = props;
  const direction = isUp ? 'ascending' : 'descending';
  return (
    <Table.Th aria-sort={isActive ? direction : 'none'} {...(isExtra ? { visibleFrom: 'sm' } : {})}>
      <UnstyledButton onClick={onSort} className={css.sort} data-active={isActive}>
        {label}
        <span style={{ visibility: isActive ? 'visible' : 'hidden' }}>
          <Icon name={isUp ? 'up' : 'down'} size={14} />
        </span>
      </UnstyledButton>
    </Table.Th>
  );
}
