import {
  ActionIcon,
  Alert,
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { IntakeSettings } from '../../contract/api/intake.ts';
import { MAIL_KINDS, type MailKind } from '../../core/intake/mail.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { showDone } from '../kit/notice.tsx';
import { Await } from '../kit/state.tsx';
import { Unsaved } from '../kit/unsaved.tsx';

const KIND_WORDS: Readonly<Record<MailKind, string>> = {
  sent: 'Sent',
  delivered: 'Delivered',
  opened: 'Opened',
  clicked: 'Link clicked',
  bounced: 'Bounced',
  unsubscribed: 'Unsubscribed',
};

/** How far back calls are believed, which events are of mails, and which domains are free mailboxes. */
export function IntakePart() {
  const settings = useCall('getIntake', {});
  return (
    <Card title="Incoming calls">
      <Await query={settings}>{given => <IntakeForm key={JSON.stringify(given)} given={given} />}</Await>
    </Card>
  );
}

function IntakeForm({ given }: { readonly given: IntakeSettings }) {
  const isReader = !useMay()('saveIntake');
  const [draft, setDraft] = useState(given);
  const [years, setYears] = useState<number | string>(given.oldestYears);
  const saving = useChange('saveIntake');
  const body = { ...draft, oldestYears: Number(years) };
  const isChanged = JSON.stringify(body) !== JSON.stringify(given);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate({ body }, { onSuccess: () => showDone('This holds from now on.') });
  };
  const domains = (name: 'freeDomains' | 'businessDomains', label: string, description: string) => (
    <TagsInput
      label={label}
      description={description}
      placeholder="example.com"
      splitChars={[',', ';', ' ', '\n']}
      acceptValueOnBlur
      disabled={isReader}
      value={[...draft[name]]}
      onChange={value => setDraft({ ...draft, [name]: value })}
    />
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Text c="dimmed">
          What you change holds for calls from now on; what Baton decided about earlier ones stays. The
          journal keeps who changed what.
        </Text>
        <NumberInput
          label="Years back"
          description="A call that says it happened longer ago is not believed and goes to the rejected calls: some clients send 1970. Files that you import may be older."
          w={{ base: '100%', sm: 420 }}
          min={1}
          max={100}
          allowDecimal={false}
          disabled={isReader}
          value={years}
          onChange={setYears}
        />
        {domains(
          'freeDomains',
          'More free mailboxes',
          'People at these domains are strangers to each other: no company by their domain, no shared owner. The usual ones, such as gmail.com, are known.',
        )}
        {domains(
          'businessDomains',
          'Not free mailboxes',
          'Domains that the lists take for free or throw-away mailboxes, and that belong to a company.',
        )}
        <MailEvents
          events={draft.mailEvents}
          isReader={isReader}
          onChange={mailEvents => setDraft({ ...draft, mailEvents: [...mailEvents] })}
        />
        {saving.error === null ? null : <Alert color="brick">{errorWords(saving.error)}</Alert>}
        {isReader ? null : (
          <Group>
            <Button type="submit" disabled={!isChanged} loading={saving.isPending}>
              Save
            </Button>
          </Group>
        )}
      </Stack>
      <Unsaved isChanged={isChanged && !saving.isPending} />
    </form>
  );
}

type MailEvent = IntakeSettings['mailEvents'][number];

function MailEvents(props: {
  readonly events: readonly MailEvent[];
  readonly isReader: boolean;
  readonly onChange: (events: readonly MailEvent[]) => void;
}) {
  const { events, isReader, onChange } = props;
  const set = (index: number, more: Partial<MailEvent>) =>
    onChange(events.map((event, place) => (place === index ? { ...event, ...more } : event)));
  return (
    <Stack gap="xs">
      <Text fw={600}>Events of your e-mails</Text>
      <Text c="dimmed">
        Baton knows Email Delivered, Email Opened, Email Link Clicked and the names that the common tools use.
        Add those of yours, so that mail scanners are recognised.
      </Text>
      {events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name is edited in its row
        <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            aria-label={`Name of event ${index + 1}`}
            placeholder="Newsletter Link Followed"
            style={{ flex: 1 }}
            maxLength={200}
            disabled={isReader}
            value={event.name}
            onChange={({ currentTarget }) => set(index, { name: currentTarget.value })}
          />
          <Select
            aria-label={`Kind of event ${index + 1}`}
            w={150}
            allowDeselect={false}
            disabled={isReader}
            data={MAIL_KINDS.map(value => ({ value, label: KIND_WORDS[value] }))}
            value={event.kind}
            onChange={value => set(index, { kind: MAIL_KINDS.find(kind => kind === value) ?? event.kind })}
          />
          {isReader ? null : (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove event ${index + 1}`}
              onClick={() => onChange(events.filter((_event, place) => place !== index))}
            >
              <Icon name="cross" size={15} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {isReader ? null : (
        <Group>
          <Button
            variant="default"
            size="xs"
            onClick={() => onChange([...events, { name: '', kind: 'clicked' }])}
          >
            Add an event
          </Button>
        </Group>
      )}
    </Stack>
  );
}
