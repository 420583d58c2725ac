import {
  Accordion,
  Anchor,
  Badge,
  Button,
  Code,
  Group,
  Progress,
  Stack,
  Text,
  VisuallyHidden,
} from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useCall, useChange } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { PageHead } from '../kit/card.tsx';
import { Denied } from '../kit/denied.tsx';
import { Icon } from '../kit/icon.tsx';
import { Failed, Loading } from '../kit/state.tsx';
import { AddUser } from './adduser.tsx';
import css from './steps.module.css';
import { type FirstStep, type StepFacts, type StepId, stepsOf } from './stepwords.ts';
import { TeamStep } from './teamstep.tsx';
import { TestSend } from './testsend.tsx';
import { WebsiteStep } from './websitestep.tsx';

/** The way from an empty Baton to the first lead: what to do in which order, ticked by what is there. */
export function FirstStepsPage() {
  useDocumentTitle('First steps · Baton');
  const may = useMay();
  return may('getFirstSteps') ? <FirstSteps /> : <Denied what="the first steps" needs="getFirstSteps" />;
}

function FirstSteps() {
  const first = useCall('getFirstSteps', {});
  const users = useCall('listUsers', {});
  const teams = useCall('listTeams', {});
  const keys = useCall('listKeys', {});
  const channels = useCall('listChannels', {});
  const agreements = useCall('listAgreements', {});
  const all = [first, users, teams, keys, channels, agreements];
  const failed = all.find(({ error, data }) => error !== null && data === undefined);
  if (failed !== undefined) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  const isLoading =
    first.data === undefined ||
    users.data === undefined ||
    teams.data === undefined ||
    keys.data === undefined ||
    channels.data === undefined ||
    agreements.data === undefined;
  if (isLoading) return <Loading rows={6} height={64} />;
  const facts = {
    first: first.data,
    users: users.data.items,
    teams: teams.data,
    keys: keys.data.items,
    channels: channels.data.items,
    agreements: agreements.data.items,
  };
  return <Steps facts={facts} />;
}

function Steps({ facts }: { readonly facts: StepFacts }) {
  const steps = stepsOf(facts);
  const done = steps.filter(({ isDone }) => isDone).length;
  const navigate = useNavigate();
  const saving = useChange('saveFirstSteps');
  // What is open stays open, also when its step gets its tick.
  const [open, setOpen] = useState<string | null>(() => steps.find(({ isDone }) => !isDone)?.id ?? null);
  const close = () => saving.mutate({ body: { isDone: true } }, { onSuccess: () => void navigate('/queue') });
  return (
    <Stack gap="md" maw={820}>
      <PageHead
        title="First steps"
        side={
          facts.first.isDone ? null : (
            <Button variant="default" loading={saving.isPending} onClick={close}>
              {done === steps.length ? 'Done: open the queue' : 'Leave this for now'}
            </Button>
          )
        }
      >
        <Text c="dimmed" mt="xs">
          From an empty Baton to the first lead in somebody’s queue. A tick comes by itself once the thing is
          there; under Settings this page can be found again.
        </Text>
      </PageHead>
      <Group gap="sm" wrap="nowrap">
        <Progress
          value={(100 * done) / steps.length}
          color="pine"
          style={{ flex: 1 }}
          aria-label="Steps that are done"
        />
        <Text style={{ whiteSpace: 'nowrap' }}>
          {done} of {steps.length} done
        </Text>
      </Group>
      <Accordion value={open} onChange={setOpen} variant="separated" order={2}>
        {steps.map((step, index) => (
          <Accordion.Item key={step.id} value={step.id} className={css.item}>
            <Accordion.Control>
              <StepHead step={step} number={index + 1} />
            </Accordion.Control>
            <Accordion.Panel>
              {open === step.id ? <StepBody id={step.id} facts={facts} /> : null}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

function StepHead({ step, number }: { readonly step: FirstStep; readonly number: number }) {
  const { title, isDone, isOptional, words } = step;
  return (
    <Group gap="sm" wrap="nowrap">
      <span className={css.mark} data-done={isDone}>
        {isDone ? <Icon name="check" size={16} /> : number}
      </span>
      <span style={{ minWidth: 0 }}>
        <Group gap="xs" component="span">
          <Text component="span" fw={600} size="md">
            {title}
          </Text>
          {isOptional && !isDone ? (
            <Badge component="span" color="gray" variant="light" size="sm">
              If you use it
            </Badge>
          ) : null}
          {isDone ? <VisuallyHidden>Done</VisuallyHidden> : null}
        </Group>
        <Text component="span" c="dimmed" display="block">
          {words}
        </Text>
      </span>
    </Group>
  );
}

function StepBody({ id, facts }: { readonly id: StepId; readonly facts: StepFacts }): ReactNode {
  switch (id) {
    case 'people':
      return <PeopleStep />;
    case 'teams':
      return <TeamStep teams={facts.teams} />;
    case 'website':
      return <WebsiteStep />;
    case 'mail':
      return <MailStep server={facts.first.mailServer} />;
    case 'slack':
      return (
        <SlackStep isSetUp={facts.channels.some(({ channel, isSetUp }) => channel === 'slack' && isSetUp)} />
      );
    case 'agreement':
      return <AgreementStep />;
  }
}

function PeopleStep() {
  const [isAdding, setAdding] = useState(false);
  return (
    <Stack gap="md" align="flex-start">
      <Text>
        Reps and their managers work leads, marketing reads along, admins may do everything. They choose their
        passwords themselves: by a link, which comes by mail once mail is set up below.
      </Text>
      <Group gap="sm">
        <Button onClick={() => setAdding(true)}>Add a person</Button>
        <Anchor component={Link} to="/settings/users">
          All people
        </Anchor>
      </Group>
      {isAdding ? <AddUser onClose={() => setAdding(false)} /> : null}
    </Stack>
  );
}

function MailStep({ server }: { readonly server: string | null }) {
  if (server === null)
    return (
      <Stack gap="md">
        <Text>
          By mail come new leads, invitations and forgotten passwords. Set this variable where Baton is
          started, with the values of your mail server, and start it again:
        </Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          SMTP_URL=smtp://user:password@mail.company.com:587?from=baton@company.com
        </Code>
        <Text c="dimmed">
          Also set BATON_URL to the address that people open, so that links in mails lead here.
        </Text>
      </Stack>
    );
  return (
    <Stack gap="md">
      <Text>Mail goes out through {server} (SMTP_URL).</Text>
      <TestSend channel="email" verb="Send a test mail to me" />
    </Stack>
  );
}

function SlackStep({ isSetUp }: { readonly isSetUp: boolean }) {
  if (!isSetUp)
    return (
      <Stack gap="md">
        <Text>
          Set one of these where Baton is started, and start it again. A bot reaches people and channels:
        </Text>
        <Code block>SLACK_BOT_TOKEN=xoxb-…</Code>
        <Text>An incoming webhook reaches one channel:</Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          SLACK_WEBHOOK_URL=https://hooks.slack.com/services/…
        </Code>
      </Stack>
    );
  return <TestSend channel="slack" verb="Post a test message" />;
}

function AgreementStep() {
  return (
    <Stack gap="md" align="flex-start">
      <Text>
        The agreement says which leads are handed over, who gets them, and how fast they are touched. Read it
        with both teams; then change the file and apply it:
      </Text>
      <Code block style={{ whiteSpace: 'pre-wrap', width: '100%' }}>
        {
          'baton agreement export > agreement.yaml\nbaton agreement plan agreement.yaml\nbaton agreement apply agreement.yaml'
        }
      </Code>
      <Button component={Link} to="/agreement" variant="default">
        Read the agreement
      </Button>
    </Stack>
  );
}
