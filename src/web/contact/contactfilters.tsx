import { Button, NumberInput, Select } from '@mantine/core';
import type { z } from 'zod';
import type { Api } from '../../contract/api.ts';
import { STAGES } from '../../core/scoring/stage.ts';
import { sourceName } from '../../core/text/name.ts';
import { useCall } from '../client/query.ts';
import { useUser } from '../client/session.tsx';
import { stageWords } from '../kit/mark.tsx';
import { SearchField } from '../kit/search.tsx';
import css from './contacts.module.css';

type Filter = z.input<Api['getContactFile']['query']>;
const SORTS = ['-total', 'name', '-createdAt', '-lastSeenAt'] as const;
/** The orders of the list. */
export type ContactSort = (typeof SORTS)[number];

/** What the address of the page narrows the list to, and its order. */
export function readFilter(params: URLSearchParams): Filter & { readonly sort?: ContactSort } {
  const minTotal = Number.parseInt(params.get('min') ?? '', 10);
  return {
    q: params.get('q') ?? undefined,
    stage: STAGES.find(stage => stage === params.get('stage')),
    owner: params.get('owner') ?? undefined,
    source: params.get('source') ?? undefined,
    campaign: params.get('campaign') ?? undefined,
    segment: params.get('segment') ?? undefined,
    grade: params.get('grade') ?? undefined,
    minTotal: Number.isNaN(minTotal) ? undefined : minTotal,
    sort: SORTS.find(sort => sort === params.get('sort')) ?? '-total',
  };
}

/** What narrows the list, in one row. */
export function ContactFilters(props: {
  readonly params: URLSearchParams;
  readonly set: (name: string, value: string | null) => void;
  readonly onClear: () => void;
}) {
  const { params, set } = props;
  const me = useUser();
  const users = useCall('listUsers', {});
  const values = useCall('listContactValues', {});
  const people = (users.data?.items ?? []).filter(user => user.active && user.id !== me.id);
  const { sources = [], campaigns = [], segments = [], grades = [] } = values.data ?? {};
  const isNarrowed = [...params.keys()].some(name => name !== 'sort');
  return (
    <div className={css.filters}>
      <SearchField
        label="Search"
        placeholder="Name, e-mail or company"
        value={params.get('q') ?? ''}
        onSearch={value => set('q', value)}
        className={css.search}
      />
      <Choice
        label="Stage"
        value={params.get('stage')}
        data={STAGES.map(stage => ({ value: stage, label: stageWords(stage) }))}
        onChange={value => set('stage', value)}
      />
      <Choice
        label="Owner"
        value={params.get('owner')}
        data={[
          { value: 'me', label: 'Me' },
          { value: 'none', label: 'Nobody' },
          ...people.map(user => ({ value: user.id, label: user.name })),
        ]}
        onChange={value => set('owner', value)}
      />
      <Choice
        label="Grade"
        value={params.get('grade')}
        data={chosen(params.get('grade'), grades).map(grade => ({ value: grade, label: grade }))}
        onChange={value => set('grade', value)}
      />
      <Choice
        label="Source"
        value={params.get('source')}
        data={chosen(params.get('source'), sources).map(id => ({ value: id, label: sourceName(id) }))}
        onChange={value => set('source', value)}
      />
      <Choice
        label="Campaign"
        value={params.get('campaign')}
        data={chosen(params.get('campaign'), campaigns).map(id => ({ value: id, label: sourceName(id) }))}
        onChange={value => set('campaign', value)}
      />
      <Choice
        label="Segment"
        value={params.get('segment')}
        data={chosen(params.get('segment'), segments).map(id => ({ value: id, label: sourceName(id) }))}
        onChange={value => set('segment', value)}
      />
      <NumberInput
        aria-label="Points from"
        placeholder="Points from"
        allowDecimal={false}
        hideControls
        value={params.get('min') ?? ''}
        onChange={value => set('min', String(value))}
      />
      {isNarrowed ? (
        <Button variant="subtle" color="gray" px="xs" onClick={props.onClear}>
          Clear
        </Button>
      ) : null}
    </div>
  );
}

/** The values to choose from, with the one that the address names, which may be a rare one. */
function chosen(value: string | null, values: readonly string[]): readonly string[] {
  return value === null || values.includes(value) ? values : [value, ...values];
}

function Choice(props: {
  readonly label: string;
  readonly value: string | null;
  readonly data: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string | null) => void;
}) {
  return (
    <Select
      aria-label={props.label}
      placeholder={props.label}
      clearable
      searchable
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      clearButtonProps={{ 'aria-label': `Clear ${props.label}` }}
      value={props.value}
      data={[...props.data]}
      onChange={props.onChange}
    />
  );
}
