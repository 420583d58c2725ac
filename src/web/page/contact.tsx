import '@mantine/dates/styles.css';
import { Anchor, Box, Breadcrumbs, Button, Group, Stack, Text, Title } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { readVersion, useAgreement, useNames } from '../agreement.ts';
import { CallError, type CallOutput } from '../client.ts';
import { Card } from '../part/card.tsx';
import css from '../part/contact.module.css';
import { Episodes } from '../part/episodes.tsx';
import { ScoreMark, StageBadge } from '../part/mark.tsx';
import { Properties } from '../part/profile.tsx';
import { Qualification } from '../part/qualify.tsx';
import { Await, Loading } from '../part/state.tsx';
import { Timeline } from '../part/timeline.tsx';
import { When } from '../part/when.tsx';
import { Why } from '../part/why.tsx';
import { useCall } from '../query.ts';
import { momentWords } from '../time.ts';
import { breakdownOf, heaviest, scoreSentence } from '../wording/score.ts';
import { MissingPage } from './missing.tsx';

type Contact = CallOutput<'getContact'>;

/** One contact: who it is, why it has its score, what was handed over and what happened. */
export function ContactPage() {
  const { id = '' } = useParams();
  const contact = useCall('getContact', { params: { id } });
  useDocumentTitle(`${contact.data?.name ?? 'Contact'} · Baton`);
  if (contact.error instanceof CallError && contact.error.status === 404) return <MissingPage />;
  return (
    <Await query={contact} loading={<Loading rows={8} height={64} />}>
      {data => <ContactView key={data.id} contact={data} />}
    </Await>
  );
}

function ContactView({ contact }: { readonly contact: Contact }) {
  const [asOf, setAsOf] = useState<number | null>(null);
  return (
    <Stack gap="md">
      <Head contact={contact} />
      <div className={css.columns}>
        <Stack gap="md" className={css.main}>
          <ScoreCard contact={contact} asOf={asOf} onAsOf={setAsOf} />
          <Card title="Handoffs">
            <Episodes episodes={contact.episodes} />
          </Card>
          <Card title="Timeline">
            <Timeline contactId={contact.id} />
          </Card>
        </Stack>
        <Stack gap="md">
          <QualifyCard contact={contact} />
          <Card title="Contact">
            <Properties of={contact.contact} none="Nothing is known of this contact yet." />
          </Card>
          <Card title="Company">
            <Properties of={contact.companyProfile} none="No company is known." />
          </Card>
          <Card title="Known as">
            <Identities contact={contact} />
          </Card>
        </Stack>
      </div>
    </Stack>
  );
}

function Head({ contact }: { readonly contact: Contact }) {
  const role = [contact.title, contact.company].filter(part => part !== null).join(', ');
  return (
    <Box>
      <Breadcrumbs mb={6} fz="sm">
        <Anchor component={Link} to="/contacts">
          Contacts
        </Anchor>
        <Text component="span" c="dimmed">
          {contact.name}
        </Text>
      </Breadcrumbs>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Box style={{ minWidth: 0 }}>
          <Group gap="sm">
            <Title order={1}>{contact.name}</Title>
            <StageBadge stage={contact.stage} />
          </Group>
          <Text c="dimmed">{role === '' ? 'Title and company unknown' : role}</Text>
          <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {contact.email === null ? (
              'No e-mail address'
            ) : (
              <Anchor href={`mailto:${encodeURIComponent(contact.email)}`}>{contact.email}</Anchor>
            )}
            {' · '}
            {contact.owner === null ? 'nobody owns it' : `owned by ${contact.owner.name}`}
            {contact.lastSeenAt === null ? null : (
              <>
                {' · last seen '}
                <When at={contact.lastSeenAt} />
              </>
            )}
          </Text>
        </Box>
        <ScoreMark total={contact.total} grade={contact.grade} size="lg" />
      </Group>
    </Box>
  );
}

function ScoreCard(props: {
  readonly contact: Contact;
  readonly asOf: number | null;
  readonly onAsOf: (at: number | null) => void;
}) {
  const { contact, asOf, onAsOf } = props;
  const names = useNames();
  const past = useCall(
    'getContactScore',
    { params: { id: contact.id }, query: { at: asOf === null ? undefined : new Date(asOf).toISOString() } },
    { enabled: asOf !== null, keep: true },
  );
  const picker = (
    <DateTimePicker
      size="xs"
      w={210}
      clearable
      placeholder="Score as of: now"
      aria-label="Show the score as of"
      valueFormat="D MMM YYYY, HH:mm"
      minDate={dayText(Date.parse(contact.createdAt))}
      maxDate={dayText(Date.now())}
      value={asOf === null ? null : localText(asOf)}
      onChange={value => onAsOf(value === null ? null : new Date(value.replace(' ', 'T')).getTime())}
    />
  );
  return (
    <Card title={asOf === null ? 'Why this score' : `Why the score of ${momentWords(asOf)}`} side={picker}>
      {asOf === null ? (
        <ScoreView score={contact.score} names={names} />
      ) : (
        <Stack gap="sm">
          <Group gap="sm">
            <Text c="var(--baton-soon)" fw={600}>
              A past score, by all that is known now of the facts up to then.
            </Text>
            <Button size="compact-xs" variant="default" onClick={() => onAsOf(null)}>
              Back to now
            </Button>
          </Group>
          <Await query={past}>{score => <ScoreView score={score} names={names} />}</Await>
        </Stack>
      )}
    </Card>
  );
}

function ScoreView(props: { readonly score: Contact['score']; readonly names: ReturnType<typeof useNames> }) {
  const { score, names } = props;
  const found = breakdownOf(score);
  if (found === null)
    return (
      <Text c="dimmed">The agreement does not score this contact, or it did not exist yet at that time.</Text>
    );
  return (
    <>
      <Why
        sentence={scoreSentence(found, names.score)}
        top={heaviest(found.lines, 3)}
        score={found}
        names={names}
      />
      {found.nextChangeAt === null ? null : (
        <Text size="xs" c="dimmed" mt="xs">
          Without news the score changes next <When at={found.nextChangeAt} />.
        </Text>
      )}
    </>
  );
}

function QualifyCard({ contact }: { readonly contact: Contact }) {
  const { source } = useAgreement();
  const score = breakdownOf(contact.score);
  return (
    <Card title="Qualification">
      {score === null ? (
        <Text c="dimmed">The agreement does not score this contact.</Text>
      ) : (
        <Await query={source} loading={<Loading rows={3} height={20} />}>
          {({ body }) => <Qualification score={score} read={readVersion(body)} />}
        </Await>
      )}
      {contact.firstMqlAt === null ? null : (
        <Text size="xs" c="dimmed" mt="sm">
          Qualified for the first time <When at={contact.firstMqlAt} />.
        </Text>
      )}
    </Card>
  );
}

const IDENTITY_WORDS = { user: 'User id', anonymous: 'Anonymous visitor', email: 'E-mail' } as const;

function Identities({ contact }: { readonly contact: Contact }) {
  if (contact.identities.length === 0) return <Text c="dimmed">Only by its own id, {contact.id}.</Text>;
  return (
    <Stack gap={4}>
      {contact.identities.map(({ kind, value }) => (
        <Text key={`${kind} ${value}`} style={{ overflowWrap: 'anywhere' }}>
          <Text component="span" c="dimmed">
            {IDENTITY_WORDS[kind]}:
          </Text>{' '}
          {value}
        </Text>
      ))}
    </Stack>
  );
}

/** A time as the date picker writes it, in the viewer's zone. */
function localText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace('T', ' ');
}

function dayText(at: number): string {
  return localText(at).slice(0, 10);
}
