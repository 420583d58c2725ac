import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { type FormEvent, useState } from 'react';
import type { TeamView } from '../../contract/api/team.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { Empty } from '../kit/state.tsx';
import { localText } from '../words/time.ts';
import { ChangeRow } from './change.tsx';
import { ContactPicker } from './contactpicker.tsx';
import { WhatIfOutcome } from './outcome.tsx';
import { type Change, changesBody, newChange } from './whatifwords.ts';

type About = 'last' | 'contact';
const LAST = ['20', '50', '200', '1000'] as const;

/** Asks who would get leads if people were off, paused, or took more or less; nothing is changed. */
export function WhatIf({ teams }: { readonly teams: readonly TeamView[] }) {
  const [changes, setChanges] = useState<readonly Change[]>(() => [newChange(0)]);
  const [about, setAbout] = useState<About>('last');
  const [last, setLast] = useState('50');
  const [contactId, setContactId] = useState<string | null>(null);
  const [at, setAt] = useState<string | null>(null);
  const asking = useChange('askWhatIf');
  if (teams.every(({ members }) => members.length === 0))
    return (
      <Empty icon="team" title="Nobody is in a team yet">
        Put people into teams, then try here what happens when one of them is off.
      </Empty>
    );
  const asked = changesBody(changes, Intl.DateTimeFormat().resolvedOptions().timeZone);
  const isReady = asked !== null && (about === 'last' || contactId !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked === null || !isReady) return;
    const of =
      about === 'last'
        ? { last: Number(last) }
        : {
            contactId: contactId ?? '',
            ...(at === null ? {} : { at: new Date(Date.parse(at.replace(' ', 'T'))).toISOString() }),
          };
    asking.mutate({ body: { ...asked, ...of } });
  };
  const set = (index: number, change: Change) =>
    setChanges(changes.map((old, place) => (place === index ? change : old)));
  return (
    <Stack gap="md">
      <Card title="What if …">
        <form onSubmit={submit}>
          <Stack gap="md">
            <Stack gap="sm">
              {changes.map((change, index) => (
                <ChangeRow
                  key={change.key}
                  change={change}
                  teams={teams}
                  onChange={next => set(index, next)}
                  onRemove={
                    changes.length === 1
                      ? null
                      : () => setChanges(changes.filter(({ key }) => key !== change.key))
                  }
                />
              ))}
              <Button
                variant="subtle"
                size="compact-sm"
                style={{ alignSelf: 'flex-start' }}
                onClick={() =>
                  setChanges([...changes, newChange(Math.max(...changes.map(({ key }) => key)) + 1)])
                }
              >
                And somebody else
              </Button>
            </Stack>
            <Group gap="sm" align="flex-end">
              <SegmentedControl
                aria-label="About which leads"
                value={about}
                data={[
                  { value: 'last', label: 'The last leads again' },
                  { value: 'contact', label: 'One lead' },
                ]}
                onChange={value => setAbout(value === 'contact' ? 'contact' : 'last')}
              />
              {about === 'last' ? (
                <SegmentedControl
                  aria-label="How many leads"
                  value={last}
                  data={LAST.map(value => ({ value, label: value }))}
                  onChange={setLast}
                />
              ) : (
                <>
                  <ContactPicker value={contactId} onChange={setContactId} />
                  <DateTimePicker
                    label="When it comes"
                    placeholder="Now"
                    clearable
                    w={190}
                    valueFormat="D MMM YYYY, HH:mm"
                    minDate={localText(Date.now()).slice(0, 10)}
                    value={at}
                    onChange={setAt}
                  />
                </>
              )}
            </Group>
            <Group gap="sm">
              <Button type="submit" loading={asking.isPending} disabled={!isReady}>
                Show what would happen
              </Button>
              <Text size="xs" c="dimmed">
                Nothing is changed and nobody is told.
              </Text>
            </Group>
            {about === 'last' && changes.some(({ kind }) => kind === 'open') ? (
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
