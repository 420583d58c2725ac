import { Button, Group, Select } from '@mantine/core';
import { useState } from 'react';
import { nameWords } from '../../core/condition/words.ts';
import { sourceName } from '../../core/text/name.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Icon } from '../kit/icon.tsx';
import { SavedViews } from '../kit/savedviews.tsx';
import { SearchField } from '../kit/search.tsx';

/** What of the queue's address narrows or orders it. */
export const FILTERS = [
  'q',
  'owner',
  'team',
  'overdue',
  'due',
  'grade',
  'source',
  'campaign',
  'sort',
] as const;
type Filter = (typeof FILTERS)[number];

const SORTS = [
  { value: 'due', label: 'Due first' },
  { value: '-total', label: 'Highest score' },
  { value: '-handedOffAt', label: 'Newest' },
];

/** Narrows and orders the queue; what was chosen stands in the address and can be kept as a view. */
export function QueueFilters(props: {
  readonly params: URLSearchParams;
  readonly onSet: (name: string, value: string | null) => void;
  readonly onClear: () => void;
  readonly options: CallOutput<'listQueue'>['options'] | undefined;
  /** Whether the leads of several owners are listed. */
  readonly withOwner: boolean;
}) {
  const { params, onSet, options } = props;
  const used = FILTERS.filter(name => name !== 'sort' && params.has(name)).length;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Group gap="xs" mb="sm" hiddenFrom="sm">
        <Button
          variant="default"
          size="sm"
          aria-expanded={isOpen}
          leftSection={<Icon name="search" />}
          onClick={() => setOpen(!isOpen)}
        >
          {used === 0 ? 'Filter' : `Filter (${used})`}
        </Button>
        <SavedViews page="queue" passing={PASSING} />
      </Group>
      <Group gap="xs" mb="sm" wrap="wrap" {...(isOpen ? {} : { visibleFrom: 'sm' })}>
        <SearchField
          label="Search the queue"
          placeholder="Name or company"
          style={{ flex: '1 1 150px', maxWidth: 200 }}
          value={params.get('q') ?? ''}
          onSearch={value => onSet('q', value)}
        />
        {props.withOwner ? <OwnerSelect {...props} /> : null}
        <TeamSelect {...props} />
        <Choice name="grade" label="Grade" values={options?.grades} {...props} words={grade => grade} />
        <Choice name="source" label="Source" values={options?.sources} {...props} />
        <Choice name="campaign" label="Campaign" values={options?.campaigns} {...props} />
        <Button
          size="sm"
          variant={params.has('overdue') ? 'light' : 'default'}
          color={params.has('overdue') ? 'brick' : 'gray'}
          aria-pressed={params.has('overdue')}
          onClick={() => onSet('overdue', params.has('overdue') ? null : 'yes')}
        >
          Overdue
        </Button>
        {params.has('due') ? (
          <Button size="sm" variant="light" color="amber" aria-pressed onClick={() => onSet('due', null)}>
            Due within the hour
          </Button>
        ) : null}
        <Select
          aria-label="Order"
          size="sm"
          w={138}
          allowDeselect={false}
          value={params.get('sort') ?? 'due'}
          data={SORTS}
          onChange={value => onSet('sort', value === 'due' ? null : value)}
        />
        {used === 0 ? null : (
          <Button size="sm" variant="subtle" color="gray" onClick={props.onClear}>
            Clear
          </Button>
        )}
        <Group visibleFrom="sm" ml="auto">
          <SavedViews page="queue" passing={PASSING} />
        </Group>
      </Group>
    </>
  );
}

/** What of the address belongs to no view: the selected lead. */
const PASSING = ['lead'];

type ChoiceProps = Pick<Parameters<typeof QueueFilters>[0], 'params' | 'onSet' | 'options'>;

function Choice(
  props: ChoiceProps & {
    readonly name: Filter;
    readonly label: string;
    readonly values: readonly string[] | undefined;
    readonly words?: (value: string) => string;
  },
) {
  const { params, name, label, values = [], words = sourceName } = props;
  const chosen = params.get(name);
  // What is chosen is offered too, when no lead of the queue has it any longer.
  const all = chosen === null || values.includes(chosen) ? values : [chosen, ...values];
  if (all.length === 0) return null;
  return (
    <Select
      aria-label={label}
      placeholder={label}
      size="sm"
      w={name === 'grade' ? 92 : 122}
      clearable
      searchable={all.length > 8}
      value={chosen}
      data={all.map(value => ({ value, label: words(value) }))}
      onChange={value => props.onSet(name, value)}
    />
  );
}

function OwnerSelect(props: ChoiceProps) {
  const users = useCall('listUsers', {});
  const name = (id: string) => users.data?.items.find(user => user.id === id)?.name ?? id;
  return <Choice {...props} name="owner" label="Owner" values={props.options?.owners} words={name} />;
}

function TeamSelect(props: ChoiceProps) {
  const teams = useCall('listTeams', {});
  const label = (id: string) => teams.data?.items.find(team => team.name === id)?.label ?? nameWords(id);
  return <Choice {...props} name="team" label="Team" values={props.options?.teams} words={label} />;
}
