import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { type FormEvent, useState } from 'react';
import type { TeamView } from '../../contract/api/team.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { Empty } from '../kit/state.tsx';
import { ContactPicker } from '../lead/contactpicker.tsx';
import { localText } from '../words/time.ts';
import { ChangeRow } from './change.tsx';
import { WhatIfOutcome } from './outcome.tsx';
import { type Change, changesBody, lackingWords, newChange } from './whatifwords.ts';

const LAST = ['20', '50', '200', '1000'] as const;

/** Which leads are asked about, as the form keeps it; `at` is a local time, null for now. */
interface AskedLeads {
  readonly about: 'last' | 'contact';
  readonly last: string;
  readonly contactId: string | null;
  readonly at: string | null;
}

/** Asks who would get leads if people were off, paused, or took more or less; nothing is changed. */
export function WhatIf({ teams }: { readonly teams: readonly TeamView[] }) {
  const [changes, setChanges] = useState<readonly Change[]>(() => [newChange(0)]);
  const [leads, setLeads] = useState<AskedLeads>({ about: 'last', last: '50', contactId: null, at: null });
  const asking = useChange('askWhatIf');
  if (teams.every(({ members }) => members.length === 0))
    return (
      <Empty icon="team" title="Nobody is in a team yet">
        Put people into teams, then try here what happens when one of them is off.
      </Empty>
    );
  const asked = changesBody(changes, Intl.DateTimeFormat().resolvedOptions().timeZone);
  const isReady = asked !== null && (leads.about === 'last' || leads.contactId !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked === null || !isReady) return;
    asking.mutate({ body: { ...asked, ...leadsBody(leads) } });
  };
  return (
    <Stack gap="md">
      <Card title="What if …">
        <form onSubmit={submit}>
          <Stack gap="md">
            <Changes changes={changes} teams={teams} onChange={setChanges} />
            <LeadsPicker leads={leads} onChange={part => setLeads(old => ({ ...old, ...part }))} />
            <Group gap="sm">
              <Button type="submit" loading={asking.isPending} disabled={!isReady}>
                Show what would happen
              </Button>
              <Text size="xs" c={isReady ? 'dimmed' : 'var(--baton-soon)'}>
                {isReady
                  ? 'Nothing is changed and nobody is notified.'
                  : (lackingWords(changes) ?? 'Choose the lead.')}
              </Text>
            </Group>
            {leads.about === 'last' && changes.some(({ kind }) => kind === 'open') ? (
              <Text size="xs" c="var(--baton-soon)">
                Limits on open leads do not count here: nobody knows which of these leads would be decided by
                then. Ask about one lead to see what they do.
              </Text>
            ) : null}
            {asking.error === null ? null : (
              <Alert color="brick" icon={<Icon name="warning" />}>
                {errorWords(asking.error)}
              </Alert>
            )}
          </Stack>
        </form>
      </Card>
      {asking.data === undefined ? null : (
        <WhatIfOutcome of={asking.data} off={asking.variables.body.off ?? []} />
      )}
    </Stack>
  );
}

function leadsBody({ about, last, contactId, at }: AskedLeads) {
  if (about === 'last') return { last: Number(last) };
  return {
    contactId: contactId ?? '',
    ...(at === null ? {} : { at: new Date(Date.parse(at.replace(' ', 'T'))).toISOString() }),
  };
}

/** A row for each thing that is otherwise; there is always one. */
function Changes(props: {
  readonly changes: readonly Change[];
  readonly teams: readonly TeamView[];
  readonly onChange: (changes: readonly Change[]) => void;
}) {
  const { changes, teams, onChange } = props;
  const set = (index: number, change: Change) =>
    onChange(changes.map((old, place) => (place === index ? change : old)));
  const remove = (change: Change) => onChange(changes.filter(({ key }) => key !== change.key));
  const add = () => onChange([...changes, newChange(Math.max(...changes.map(({ key }) => key)) + 1)]);
  return (
    <Stack gap="sm">
      {changes.map((change, index) => (
        <ChangeRow
          key={change.key}
          change={change}
          teams={teams}
          onChange={next => set(index, next)}
          onRemove={changes.length === 1 ? null : () => remove(change)}
        />
      ))}
      <Button variant="subtle" size="compact-sm" style={{ alignSelf: 'flex-start' }} onClick={add}>
        And somebody else
      </Button>
    </Stack>
  );
}

/** Chooses the leads to ask about: the last ones again, or one that comes at some time. */
function LeadsPicker(props: {
  readonly leads: AskedLeads;
  readonly onChange: (part: Partial<AskedLeads>) => void;
}) {
  const { leads, onChange } = props;
  return (
    <Group gap="sm" align="flex-end">
      <SegmentedControl
        aria-label="About which leads"
        value={leads.about}
        data={[
          { value: 'last', label: 'The last leads again' },
          { value: 'contact', label: 'One lead' },
        ]}
        onChange={value => onChange({ about: value === 'contact' ? 'contact' : 'last' })}
      />
      {leads.about === 'last' ? (
        <SegmentedControl
          aria-label="How many leads"
          value={leads.last}
          data={LAST.map(value => ({ value, label: value }))}
          onChange={last => onChange({ last })}
        />
      ) : (
        <>
          <ContactPicker value={leads.contactId} onChange={contactId => onChange({ contactId })} />
          <DateTimePicker
            label="When it comes"
            placeholder="Now"
            clearable
            w={190}
            valueFormat="D MMM YYYY, HH:mm"
            minDate={localText(Date.now()).slice(0, 10)}
            value={leads.at}
            onChange={at => onChange({ at })}
          />
        </>
      )}
    </Group>
  );
}
