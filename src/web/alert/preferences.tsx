import { Alert, Button, Group, Select, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import '@mantine/dates/styles.layer.css';
import { type FormEvent, useState } from 'react';
import type { Preference, PreferenceForm } from '../../contract/api/preference.ts';
import { ALERT_CHANNELS, type AlertChannel, type Topic } from '../../core/alert/preference.ts';
import { listed } from '../../core/text/number.ts';
import { errorWords, problemAt } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { useUser } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { ClockInput } from '../kit/clockinput.tsx';
import { showDone, showFailure } from '../kit/notice.tsx';
import { Await } from '../kit/state.tsx';
import { Unsaved } from '../kit/unsaved.tsx';
import { ZonePicker } from '../kit/zone.tsx';
import { QuietFields } from './quiet.tsx';

const WAY_WORDS: Readonly<Record<AlertChannel, string>> = {
  in_app: 'In the app',
  email: 'E-mail',
  slack: 'Slack',
};
/** The same within a sentence. */
const WAY_INSIDE: Readonly<Record<AlertChannel, string>> = {
  in_app: 'in the app',
  email: 'e-mail',
  slack: 'Slack',
};

const TOPIC_WORDS: Readonly<Record<Topic, readonly [label: string, words: string]>> = {
  leads: ['New leads', 'A lead is given to you, waits for somebody, or is not what it seemed'],
  signals: ['Early signals', 'One of your contacts does what people do before they buy'],
  exceptions: ['What waits for you', 'A lead without an owner, missing data, a failed delivery'],
  team: ['Your team each day', 'New, open and overdue leads of your people'],
  reviews: ['Reviews', 'The weekly digest, and monthly and quarterly reviews when they are due'],
};

/** The notification settings of the person signed in: channels, quiet hours, and what is sent together. */
export function PreferencesPart() {
  const preference = useCall('getPreference', {});
  return (
    <Await query={preference}>
      {data => (
        <Stack gap="md">
          <PreferenceCard key={JSON.stringify(data)} of={data} />
          <TestCard of={data} />
        </Stack>
      )}
    </Await>
  );
}

function PreferenceCard({ of }: { readonly of: Preference }) {
  const { role } = useUser();
  const [form, setForm] = useState<PreferenceForm>(() => formOf(of));
  const saving = useChange('savePreference');
  const leads = role === 'manager' || role === 'admin';
  const isComplete = [form.quietHours?.from, form.quietHours?.to, form.digest.at, form.bulletin?.at].every(
    time => time !== '',
  );
  const isChanged = JSON.stringify(form) !== JSON.stringify(formOf(of));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate({ body: form }, { onSuccess: () => showDone('Your notifications are saved.') });
  };
  const change = (part: Partial<PreferenceForm>) => setForm({ ...form, ...part });
  return (
    <Card title="My notifications">
      <form onSubmit={submit}>
        <Stack gap="lg" maw={760}>
          <Ways
            of={of}
            topics={of.topics.filter(
              topic => (topic !== 'team' || leads) && (topic !== 'reviews' || role !== 'rep'),
            )}
            channels={form.channels}
            isTeamOff={form.bulletin?.every === 'off'}
            onChange={channels => change({ channels })}
          />
          <ZonePicker
            description={
              of.timezoneFrom === 'own'
                ? 'Everything on this page, and due times in messages, follow this clock'
                : of.timezoneFrom === 'availability'
                  ? 'The zone of your working hours; choose another to change it for messages only'
                  : 'Not set yet: choose your zone, so that messages show your local time'
            }
            value={form.timezone ?? of.timezone}
            error={problemAt(saving.error, 'timezone')}
            onChange={timezone => change({ timezone })}
          />
          <QuietFields
            value={form.quietHours ?? null}
            error={problemAt(saving.error, 'quietHours')}
            onChange={quietHours => change({ quietHours })}
          />
          <Gathered form={form} onChange={change} withTeam={leads} />
          {role === 'marketing' ? null : (
            <TextInput
              label="Booking link"
              description="Where your calendar can be booked: mails to leads in your name may show it"
              placeholder="https://"
              maxLength={500}
              value={form.bookingUrl ?? ''}
              error={problemAt(saving.error, 'bookingUrl')}
              onChange={event => change({ bookingUrl: event.currentTarget.value || null })}
            />
          )}
          {saving.error === null ? null : <Alert color="brick">{errorWords(saving.error)}</Alert>}
          <Unsaved isChanged={isChanged && !saving.isPending} />
          <Group>
            <Button type="submit" loading={saving.isPending} disabled={!isChanged || !isComplete}>
              Save
            </Button>
            {isChanged ? (
              <Button variant="default" onClick={() => setForm(formOf(of))}>
                Discard changes
              </Button>
            ) : null}
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function formOf(of: Preference): PreferenceForm {
  const { timezone, timezoneFrom, quietHours, channels, digest, bulletin, bookingUrl } = of;
  const own = timezoneFrom === 'own' ? timezone : null;
  return { timezone: own, quietHours, channels, digest, bulletin, bookingUrl };
}

function Ways(props: {
  readonly of: Preference;
  readonly topics: readonly Topic[];
  readonly channels: PreferenceForm['channels'];
  /** Whether the daily view of the team is switched off below, so that it takes no way. */
  readonly isTeamOff: boolean;
  readonly onChange: (channels: PreferenceForm['channels']) => void;
}) {
  const { of, topics, channels, isTeamOff, onChange } = props;
  const missing = ALERT_CHANNELS.filter(way => !of.available.includes(way));
  const waysOf = (topic: Topic) => channels[topic] ?? [];
  const isOff = (topic: Topic) => topic === 'team' && isTeamOff;
  const set = (topic: Topic, way: AlertChannel, isOn: boolean) =>
    onChange({
      ...channels,
      [topic]: ALERT_CHANNELS.filter(other => (other === way ? isOn : waysOf(topic).includes(other))),
    });
  return (
    <Stack gap={6}>
      <Table aria-label="Channels by kind of notification" verticalSpacing="sm" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Notify me about</Table.Th>
            {ALERT_CHANNELS.map(way => (
              <Table.Th key={way} w={{ base: 66, xs: 104 }} ta="center">
                {WAY_WORDS[way]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {topics.map(topic => (
            <Table.Tr key={topic}>
              <Table.Th scope="row" fw={400}>
                <Text fw={600}>{TOPIC_WORDS[topic][0]}</Text>
                <Text size="xs" c="dimmed">
                  {TOPIC_WORDS[topic][1]}
                  {isOff(topic) ? ' (off below)' : ''}
                </Text>
              </Table.Th>
              {ALERT_CHANNELS.map(way => {
                const isFixed = way === 'in_app' && (topic === 'leads' || topic === 'exceptions');
                return (
                  <Table.Td key={way} ta="center">
                    {isFixed ? (
                      <Text size="xs" c="dimmed" title="Your own tasks are always in the app">
                        Always
                      </Text>
                    ) : (
                      <Switch
                        aria-label={`${TOPIC_WORDS[topic][0]}: ${WAY_WORDS[way]}`}
                        checked={waysOf(topic).includes(way) && !isOff(topic)}
                        disabled={isOff(topic)}
                        onChange={event => set(topic, way, event.currentTarget.checked)}
                        styles={{ body: { justifyContent: 'center' } }}
                      />
                    )}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed">
        {missing.length === 0
          ? 'Your own tasks are always in the app.'
          : `${listed(
              missing.map(way => WAY_WORDS[way]),
              'and',
            )} ${missing.length === 1 ? 'is' : 'are'} not set up on this server; your choice applies once ${missing.length === 1 ? 'it is' : 'they are'}.`}
      </Text>
    </Stack>
  );
}

const DIGESTS = [
  { value: 'off', label: 'One by one, as they happen' },
  { value: 'hourly', label: 'Together, once an hour' },
  { value: 'daily', label: 'Together, once a day' },
] as const;

function Gathered(props: {
  readonly form: PreferenceForm;
  readonly onChange: (part: Partial<PreferenceForm>) => void;
  readonly withTeam: boolean;
}) {
  const { form, onChange, withTeam } = props;
  const { digest, bulletin } = form;
  return (
    <Stack gap="md">
      <Group align="flex-end" gap="sm">
        <Select
          label="Early signals by e-mail and Slack"
          description="New leads are always sent at once"
          allowDeselect={false}
          w={260}
          value={digest.every}
          data={DIGESTS.map(({ value, label }) => ({ value, label }))}
          onChange={value => {
            const every = DIGESTS.find(known => known.value === value)?.value ?? 'off';
            onChange({ digest: { ...digest, every } });
          }}
        />
        {digest.every === 'daily' ? (
          <ClockInput
            label="Early signals at"
            isShown
            value={digest.at ?? '09:00'}
            onChange={at => onChange({ digest: { ...digest, at } })}
          />
        ) : null}
      </Group>
      {withTeam && bulletin !== undefined ? (
        <Group align="flex-end" gap="sm">
          <Switch
            label="A summary of my team, each day"
            description="New, open and overdue leads of each person, and what waits"
            checked={bulletin.every === 'daily'}
            onChange={event =>
              onChange({ bulletin: { ...bulletin, every: event.currentTarget.checked ? 'daily' : 'off' } })
            }
          />
          {bulletin.every === 'daily' ? (
            <ClockInput
              label="My team at"
              isShown
              value={bulletin.at ?? '08:30'}
              onChange={at => onChange({ bulletin: { ...bulletin, at } })}
            />
          ) : null}
        </Group>
      ) : null}
    </Stack>
  );
}

function TestCard({ of }: { readonly of: Preference }) {
  const testing = useChange('testPreference');
  const test = () =>
    testing.mutate(
      { body: { channels: [...of.available] } },
      {
        onSuccess: ({ sent }) =>
          showDone(
            `A test is on its way: ${listed(
              sent.map(way => WAY_INSIDE[way]),
              'and',
            )}.`,
          ),
        onError: showFailure,
      },
    );
  return (
    <Card title="Try it">
      <Stack gap="sm" align="flex-start">
        <Text c="dimmed">
          Sends you one message over every channel that is set up here (
          {listed(
            of.available.map(way => WAY_INSIDE[way]),
            'and',
          )}
          ), whatever is chosen above and whatever the hour.
        </Text>
        <Button variant="default" loading={testing.isPending} onClick={test}>
          Send me a test
        </Button>
        {testing.data?.missing.map(({ channel, because }) => (
          <Text key={channel} c="var(--baton-soon)">
            {WAY_WORDS[channel]}: {because}
          </Text>
        ))}
      </Stack>
    </Card>
  );
}
