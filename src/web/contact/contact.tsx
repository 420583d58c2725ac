import '@mantine/dates/styles.layer.css';
import { Anchor, Box, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import type { Episode } from '../../contract/api/episode.ts';
import { readVersion, useAgreement } from '../agreement/version.ts';
import { CallError, type CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { MissingPage } from '../kit/denied.tsx';
import { ScoreMark, StageBadge } from '../kit/mark.tsx';
import { Address, Reach } from '../kit/person.tsx';
import { Properties } from '../kit/properties.tsx';
import { Await, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { LettersCard } from '../letter/card.tsx';
import { NurtureCard } from '../nurture/card.tsx';
import { OpportunityCard } from '../opportunity/card.tsx';
import { QualificationCard } from '../qualification/form.tsx';
import { AcceptLink } from '../queue/acceptlink.tsx';
import { Handoffs } from '../queue/episodes.tsx';
import { BarRoom, OpenHandoff } from '../queue/openhandoff.tsx';
import { useGrade } from '../score/grade.ts';
import { breakdownOf } from '../score/words.ts';
import { useAsOf } from './asof.tsx';
import css from './contact.module.css';
import { CORRECTED, CorrectedFields } from './fields.tsx';
import { Joined } from './joined.tsx';
import { Looks } from './looks.tsx';
import { Lacking, Qualified, Unreadable } from './qualify.tsx';
import { usePastScore, WhyCard } from './score.tsx';
import { Timeline } from './timeline.tsx';

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
  const [asOf, setAsOf] = useAsOf();
  const past = usePastScore(contact, asOf);
  const { state } = useLocation();
  const [isAsking, setAsking] = useState(state?.isAsked === true);
  const open = contact.episodes.find(({ state }) => state === 'open');
  const worked = open === undefined ? workedOf(contact) : null;
  const claimedOf = (part: 'contact' | 'company') =>
    contact.unverified.flatMap(name => (name.startsWith(`${part}.`) ? [name.slice(part.length + 1)] : []));
  return (
    <Stack gap="md">
      <Head contact={contact} />
      <Joined contact={contact} />
      <AcceptLink contact={contact} onMissing={() => setAsking(true)} />
      {open === undefined ? null : (
        <OpenHandoff
          key={open.id}
          episode={open}
          stage={contact.stage}
          isAsked={isAsking}
          onAsk={setAsking}
        />
      )}
      {worked === null ? null : <WorkedLead key={worked.id} episode={worked} />}
      <NurtureCard episodes={contact.episodes} />
      <div className={css.columns}>
        <div className={css.why}>
          <WhyCard contact={contact} asOf={asOf} past={past} onAsOf={setAsOf} />
        </div>
        <div className={css.missing}>
          <QualifyCard contact={contact} />
        </div>
        <Stack gap="md" className={css.details ?? ''}>
          <Looks contact={contact} asOf={asOf} past={past} />
          <Handoffs episodes={contact.episodes} />
          <LettersCard
            contactId={contact.id}
            name={contact.name}
            mayAllow={contact.correctRefused === null}
          />
          <Card title="Timeline">
            <Timeline contactId={contact.id} mayClass={contact.classRefused === null} />
          </Card>
        </Stack>
        <Stack gap="md" className={css.profile ?? ''}>
          <Card title="Contact">
            <CorrectedFields
              contactId={contact.id}
              values={{ ...contact.contact, company: contact.companyProfile.name }}
              claimed={[
                ...claimedOf('contact'),
                ...(claimedOf('company').includes('name') ? ['company'] : []),
              ]}
              refused={contact.correctRefused}
            />
            <Properties
              of={others(contact.contact)}
              claimed={claimedOf('contact')}
              none="Nothing else is known of this contact yet."
            />
          </Card>
          <Card title="Company">
            <Properties
              of={contact.companyProfile}
              claimed={claimedOf('company')}
              none="No company is known."
            />
          </Card>
          <Card title="Known as">
            <Identities contact={contact} />
          </Card>
        </Stack>
      </div>
      {open === undefined ? null : <BarRoom />}
    </Stack>
  );
}

/** The accepted lead whose opportunity may be worked on: that of the latest handoff. */
function workedOf({ episodes }: Contact): Episode | null {
  const [last] = [...episodes].sort((a, b) => Date.parse(b.handedOffAt) - Date.parse(a.handedOffAt));
  return last !== undefined && (last.state === 'accepted' || last.opportunity !== null) ? last : null;
}

/** An accepted lead: what becomes of it, and what sales found out. */
function WorkedLead({ episode }: { readonly episode: Episode }) {
  return (
    <>
      <OpportunityCard episode={episode} />
      <QualificationCard episode={episode} />
    </>
  );
}

/** What is known beside the fields that are corrected in their place. */
function others(known: Contact['contact']): Contact['contact'] {
  return Object.fromEntries(
    Object.entries(known).filter(([name]) => !CORRECTED.some(field => field === name)),
  );
}

function Head({ contact }: { readonly contact: Contact }) {
  const score = breakdownOf(contact.score);
  const grade = useGrade();
  const { phone: number } = contact.contact;
  const phone = typeof number === 'string' && number !== '' ? number : null;
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
        <Group gap="sm" style={{ minWidth: 0 }}>
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {contact.name}
          </Title>
          <StageBadge stage={contact.stage} />
        </Group>
        <ScoreMark
          total={score?.total ?? null}
          grade={score?.grade ?? null}
          size="lg"
          {...(score === null ? {} : { words: grade(score) })}
        />
      </Group>
      <Text c="dimmed">{role === '' ? 'Title and company unknown' : role}</Text>
      <Reach email={contact.email} phone={phone} />
      <Text c="dimmed">
        {contact.email === null && phone === null ? 'No e-mail address and no phone number. ' : ''}
        {contact.owner === null ? 'Nobody owns it' : `Owned by ${contact.owner.name}`}
        {contact.lastSeenAt === null ? null : (
          <>
            {' · last seen '}
            <When at={contact.lastSeenAt} />
          </>
        )}
      </Text>
    </Box>
  );
}

function QualifyCard({ contact }: { readonly contact: Contact }) {
  const { source } = useAgreement();
  const { missing } = contact;
  const path = breakdownOf(contact.score)?.qualifies ?? null;
  return (
    <Card title={missing === null ? 'Qualification' : 'What is missing'}>
      {missing !== null ? (
        <Lacking missing={missing} hasQualified={contact.firstMqlAt !== null} />
      ) : path !== null ? (
        <Await query={source} loading={<Loading rows={3} height={20} />}>
          {({ body }) => <Qualified path={path} read={readVersion(body)} />}
        </Await>
      ) : (
        <Text c="dimmed">The agreement does not score this contact.</Text>
      )}
      <Unreadable values={contact.unreadable} />
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
          <Address of={value} />
        </Text>
      ))}
    </Stack>
  );
}
