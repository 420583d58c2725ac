import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { mayWork } from '../../contract/role.ts';
import { csvLine } from '../../core/text/csv.ts';
import { counted } from '../../core/text/number.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Icon } from '../kit/icon.tsx';
import { showDone } from '../kit/notice.tsx';
import css from './contacts.module.css';
import type { ContactItem } from './contacttable.tsx';

/** What can be done with the contacts that are selected. */
export function BulkBar({
  items,
  onClear,
}: {
  readonly items: readonly ContactItem[];
  readonly onClear: () => void;
}) {
  const may = useMay();
  const [isGiving, setGiving] = useState(false);
  const leads = items.flatMap(({ openEpisodeId }) => openEpisodeId ?? []);
  return (
    <section className={css.bulk} aria-label="Selected contacts">
      <Text fw={600}>{counted(items.length, 'contact')} selected</Text>
      {may('reassignEpisode') ? (
        <Button
          size="xs"
          leftSection={<Icon name="swap" size={14} />}
          disabled={leads.length === 0}
          title={leads.length === 0 ? 'None of them has a lead that waits for a decision' : ''}
          onClick={() => setGiving(true)}
        >
          Give {leads.length === 0 ? 'leads' : counted(leads.length, 'open lead')} to …
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
      {isGiving ? <GiveLeads leads={leads} onClose={() => setGiving(false)} onDone={onClear} /> : null}
    </section>
  );
}

function GiveLeads(props: {
  readonly leads: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { leads, onClose, onDone } = props;
  const users = useCall('listUsers', {});
  const giving = useChange('reassignEpisode');
  const [ownerId, setOwnerId] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failures, setFailures] = useState<readonly string[]>([]);
  const people = (users.data?.items ?? []).filter(({ active, role }) => active && mayWork(role));
  const give = async (to: string) => {
    setBusy(true);
    const refused: string[] = [];
    for (const id of leads) {
      await giving
        .mutateAsync({ params: { id }, body: { ownerId: to } })
        .catch((error: unknown) => refused.push(errorWords(error)));
    }
    setBusy(false);
    const given = leads.length - refused.length;
    const name = people.find(({ id }) => id === to)?.name ?? '';
    if (given > 0) showDone(`${counted(given, 'lead')} ${given === 1 ? 'is' : 'are'} with ${name} now.`);
    setFailures([...new Set(refused)]);
    if (refused.length === 0) onDone();
  };
  return (
    <Modal opened onClose={onClose} title={`Give ${counted(leads.length, 'open lead')} to somebody`}>
      <Stack gap="md">
        <Select
          label="New owner"
          searchable
          data-autofocus
          value={ownerId}
          data={people.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setOwnerId}
        />
        {failures.map(words => (
          <Alert key={words} color="brick">
            {words}
          </Alert>
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            loading={isBusy}
            disabled={ownerId === null}
            onClick={() => (ownerId === null ? undefined : void give(ownerId))}
          >
            Give
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const HEAD = ['Name', 'E-mail', 'Title', 'Company', 'Stage', 'Score', 'Grade', 'Owner', 'Source', 'Campaign'];

/** Saves the selected contacts as a file; the mark at its beginning has spreadsheets read it as UTF-8. */
function download(items: readonly ContactItem[]): void {
  const lines = items.map(({ name, email, title, company, stage, total, grade, owner, source, campaign }) =>
    csvLine(
      [name, email, title, company, stage, total, grade, owner?.name, source, campaign].map(
        cell => cell ?? '',
      ),
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
