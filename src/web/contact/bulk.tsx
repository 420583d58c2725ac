import { Alert, Button, Group, Modal, Progress, Select, Stack, Text, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { type FormEvent, type ReactNode, useState } from 'react';
import { MOST_AT_ONCE } from '../../contract/api/contact.ts';
import { mayWork } from '../../contract/role.ts';
import { csvLine } from '../../core/text/csv.ts';
import { counted } from '../../core/text/number.ts';
import { type CallOutput, errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Icon } from '../kit/icon.tsx';
import { submitByKeys } from '../kit/keys.tsx';
import list from '../kit/list.module.css';
import { showDone } from '../kit/notice.tsx';
import type { ContactItem } from './contacttable.tsx';

/** What can be done with the contacts that are selected; Escape clears the selection. */
export function BulkBar(props: {
  readonly items: readonly ContactItem[];
  /** How many contacts match, and what selects them all; null where they are selected already. */
  readonly all: { readonly words: string; readonly isBusy: boolean; readonly onSelect: () => void } | null;
  readonly onKeep: (ids: ReadonlySet<string>) => void;
  readonly onClear: () => void;
}) {
  const { items, all, onClear } = props;
  const may = useMay();
  const [open, setOpen] = useState<'owner' | 'field' | null>(null);
  useHotkeys([['Escape', () => (open === null ? onClear() : undefined)]]);
  const shared = { items, onClose: () => setOpen(null), onKeep: props.onKeep };
  return (
    <section className={list.bar} aria-label="Selected contacts">
      <Text fw={600}>{counted(items.length, 'contact')} selected</Text>
      {all === null ? null : (
        <Button size="xs" variant="subtle" loading={all.isBusy} onClick={all.onSelect}>
          {all.words}
        </Button>
      )}
      {may('giveContacts') ? (
        <Button size="xs" leftSection={<Icon name="swap" size={14} />} onClick={() => setOpen('owner')}>
          Give leads to …
        </Button>
      ) : null}
      {may('correctContacts') ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="note" size={14} />}
          onClick={() => setOpen('field')}
        >
          Correct a field
        </Button>
      ) : null}
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="download" size={14} />}
        onClick={() => download(items)}
      >
        Export
      </Button>
      <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
        Clear
      </Button>
      {open === 'owner' ? <GiveLeads {...shared} /> : null}
      {open === 'field' ? <CorrectField {...shared} /> : null}
    </section>
  );
}

interface DialogProps {
  readonly items: readonly ContactItem[];
  readonly onClose: () => void;
  /** Leaves only these selected. */
  readonly onKeep: (ids: ReadonlySet<string>) => void;
}

function GiveLeads(props: DialogProps) {
  const users = useCall('listUsers', {});
  const giving = useChange('giveContacts');
  const [ownerId, setOwnerId] = useState<string | null>(null);
  const people = (users.data?.items ?? []).filter(({ active, role }) => active && mayWork(role));
  const name = people.find(({ id }) => id === ownerId)?.name ?? '';
  return (
    <BulkDialog
      {...props}
      title={`Give the leads of ${counted(props.items.length, 'contact')} to somebody`}
      verb="Give"
      isReady={ownerId !== null}
      change={contactIds =>
        giving.mutateAsync({ body: { contactIds: [...contactIds], ownerId: ownerId ?? '' } })
      }
      wordsOf={count => `${counted(count, 'contact')} ${count === 1 ? 'is' : 'are'} with ${name} now.`}
    >
      <Select
        label="New owner"
        description="Open leads and accepted ones move; who had them is told."
        searchable
        data-autofocus
        value={ownerId}
        data={people.map(({ id, name: label }) => ({ value: id, label }))}
        onChange={setOwnerId}
      />
    </BulkDialog>
  );
}

const FIELDS = [
  { value: 'country', label: 'Country' },
  { value: 'title', label: 'Title' },
  { value: 'company', label: 'Company' },
] as const;

function CorrectField(props: DialogProps) {
  const correcting = useChange('correctContacts');
  const [field, setField] = useState<(typeof FIELDS)[number]['value']>('country');
  const [value, setValue] = useState('');
  const label = FIELDS.find(known => known.value === field)?.label ?? '';
  const said = value.trim();
  return (
    <BulkDialog
      {...props}
      title={`Correct a field of ${counted(props.items.length, 'contact')}`}
      verb="Correct"
      isReady={said !== ''}
      change={contactIds =>
        correcting.mutateAsync({ body: { contactIds: [...contactIds], values: { [field]: said } } })
      }
      wordsOf={count => `${label} of ${counted(count, 'contact')} is now ${said}.`}
    >
      <Select
        label="Field"
        allowDeselect={false}
        value={field}
        data={[...FIELDS]}
        onChange={next => setField(FIELDS.find(known => known.value === next)?.value ?? 'country')}
      />
      <TextInput
        label={label}
        description="Replaces what is known; scores follow at once."
        data-autofocus
        value={value}
        maxLength={200}
        onChange={event => setValue(event.currentTarget.value)}
      />
    </BulkDialog>
  );
}

type Answer = CallOutput<'correctContacts'>;

/** Changes contacts in calls of bounded size, one after another, and says of which it was refused, and why. */
function BulkDialog(
  props: DialogProps & {
    readonly title: string;
    readonly verb: string;
    readonly isReady: boolean;
    readonly change: (ids: readonly string[]) => Promise<Answer>;
    readonly wordsOf: (count: number) => string;
    readonly children: ReactNode;
  },
) {
  const { items, onClose, onKeep } = props;
  const [done, setDone] = useState<number | null>(null);
  const [refusals, setRefusals] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const left = new Set(items.map(({ id }) => id));
    const refused = new Map<string, string[]>();
    let changed = 0;
    setRefusals(new Map());
    for (let at = 0; at < items.length; at += MOST_AT_ONCE) {
      setDone(at);
      const ids = items.slice(at, at + MOST_AT_ONCE).map(({ id }) => id);
      try {
        const answer = await props.change(ids);
        for (const { id, reason } of answer.items) {
          if (reason === null) left.delete(id);
          else refused.set(reason, [...(refused.get(reason) ?? []), nameOf(items, id)]);
          if (reason === null) changed += 1;
        }
      } catch (error) {
        const words = errorWords(error);
        refused.set(words, [...(refused.get(words) ?? []), ...ids.map(id => nameOf(items, id))]);
      }
    }
    setDone(null);
    if (changed > 0) showDone(props.wordsOf(changed));
    if (refused.size === 0) onClose();
    setRefusals(refused);
    // What could not be changed stays selected.
    if (changed > 0 && refused.size === 0) onKeep(left);
  };
  const close = () => {
    if (done === null) onClose();
  };
  return (
    <Modal opened onClose={close} title={props.title}>
      <form onSubmit={event => void submit(event)} onKeyDown={submitByKeys}>
        <Stack gap="md">
          {props.children}
          {[...refusals].map(([words, names]) => (
            <Alert key={words} color="brick" title={`Not changed: ${counted(names.length, 'contact')}`}>
              {words} ({shortList(names)})
            </Alert>
          ))}
          {done === null || items.length <= MOST_AT_ONCE ? null : (
            <div role="status">
              <Text size="xs">
                {done} of {items.length}
              </Text>
              <Progress value={(done / items.length) * 100} aria-label="Contacts changed" />
            </div>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" disabled={done !== null} onClick={close}>
              {refusals.size === 0 ? 'Cancel' : 'Close'}
            </Button>
            <Button type="submit" loading={done !== null} disabled={!props.isReady}>
              {props.verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function nameOf(items: readonly ContactItem[], id: string): string {
  return items.find(item => item.id === id)?.name ?? id;
}

/** How many names a refusal lists. */
const MOST_NAMES = 5;

function shortList(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const HEAD = [
  ...[
    'Name',
    'E-mail',
    'Title',
    'Company',
    'Stage',
    'Score',
    'Grade',
    'Owner',
    'Source',
    'Campaign',
    'Content',
  ],
  'Segment',
];

/** Saves the selected contacts as a file; the mark at its beginning has spreadsheets read it as UTF-8. */
function download(items: readonly ContactItem[]): void {
  const lines = items.map(
    ({ name, email, title, company, stage, total, grade, owner, source, campaign, content, segment }) =>
      csvLine(
        [
          name,
          email,
          title,
          company,
          stage,
          total,
          grade,
          owner?.name,
          source,
          campaign,
          content,
          segment,
        ].map(cell => cell ?? ''),
      ),
  );
  const url = URL.createObjectURL(
    new Blob(['\ufeff', csvLine(HEAD), ...lines], { type: 'text/csv;charset=utf-8' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = 'contacts.csv';
  link.click();
  URL.revokeObjectURL(url);
}
