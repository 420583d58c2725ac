import { Anchor, Badge, Button, Code, Drawer, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { failureWords } from '../../core/delivery/failure.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Confirm } from '../kit/confirm.tsx';
import { Icon } from '../kit/icon.tsx';
import { Await } from '../kit/state.tsx';
import { Moment } from '../kit/when.tsx';
import css from './delivery.module.css';
import { DeliveryBadge } from './list.tsx';
import { type Sending, useSending } from './send.ts';
import { blockOf, CHANNEL_WORDS, laidOut, subjectWords, tookWords } from './words.ts';

type Detail = CallOutput<'getDelivery'>;
type Attempt = Detail['tries'][number];
/** While a message waits, its attempts are looked at again this often, in milliseconds. */
const AGAIN_MS = 2_000;
/** Whether its way out still fails is asked again this often, in milliseconds. */
const BLOCKED_MS = 10_000;

/** One delivery in full: what it says, every attempt to send it, and what can be done. */
export function DeliveryDrawer(props: {
  readonly id: string | null;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}) {
  const { id, onOpen, onClose } = props;
  return (
    <Drawer opened={id !== null} onClose={onClose} position="right" size="xl" title="Delivery">
      {id === null ? null : <Detail key={id} id={id} onOpen={onOpen} />}
    </Drawer>
  );
}

function Detail({ id, onOpen }: { readonly id: string; readonly onOpen: (id: string) => void }) {
  const delivery = useCall(
    'getDelivery',
    { params: { id } },
    { againMs: ({ state }) => (state === 'waiting' ? AGAIN_MS : null) },
  );
  const sending = useSending();
  return (
    <Await query={delivery}>
      {of => (
        <Stack gap="md">
          <Stack gap={6}>
            <Title order={2}>{subjectWords(of)}</Title>
            <Group gap="xs">
              <DeliveryBadge of={of} />
              <Text c="dimmed" component="span" style={{ overflowWrap: 'anywhere' }}>
                {CHANNEL_WORDS[of.channel]} to {of.to}, promised <Moment at={of.createdAt} />
              </Text>
            </Group>
            {of.nextAttemptAt === null ? null : (
              <Text c="dimmed">
                {of.attempts === 0 ? 'Leaves' : 'Next attempt'} <Moment at={of.nextAttemptAt} />
              </Text>
            )}
            {of.lastError === null || of.state === 'sent' ? null : (
              <Text c="var(--baton-bad)">{failureWords(of.lastError)}</Text>
            )}
            <Blocked of={of} />
          </Stack>
          <Group gap="xs">
            <SendAgain of={of} sending={sending} onOpen={onOpen} />
            {of.contactId === null ? null : (
              <Button
                component={Link}
                to={`/contacts/${of.contactId}`}
                variant="default"
                leftSection={<Icon name="person" size={16} />}
              >
                Open the contact
              </Button>
            )}
          </Group>
          {of.repeats === null ? null : <Repeats id={of.repeats} onOpen={onOpen} />}
          <section>
            <Title order={3} mb="xs">
              Attempts
            </Title>
            <Attempts of={of} />
          </section>
          <section>
            <Title order={3} mb="xs">
              {of.state === 'sent' ? 'What was sent' : 'What is sent'}
            </Title>
            <Code block className={css.text}>
              {laidOut(of.text)}
            </Code>
            {of.type === null ? null : (
              <Text size="xs" c="dimmed" mt={4}>
                A webhook message of the type {of.type}.
              </Text>
            )}
          </section>
        </Stack>
      )}
    </Await>
  );
}

/** Why a message waits though its own turn has come: its way out fails. */
function Blocked({ of }: { readonly of: Detail }) {
  const channels = useCall(
    'listChannels',
    {},
    { enabled: of.state === 'waiting', againMs: () => BLOCKED_MS },
  );
  const block = blockOf(of, channels.data?.items ?? []);
  if (block === null) return null;
  return (
    <Text c="var(--baton-soon)" style={{ overflowWrap: 'anywhere' }}>
      Waits because {of.channel === 'webhook' ? 'the webhook' : CHANNEL_WORDS[of.channel]}
      {block.to === null ? '' : ` to ${of.to}`} has failed since <Moment at={block.since} />; tried again{' '}
      <Moment at={block.nextAttemptAt} />.
    </Text>
  );
}

function Repeats({ id, onOpen }: { readonly id: string; readonly onOpen: (id: string) => void }) {
  return (
    <Text c="dimmed">
      Sent again on request.{' '}
      <Anchor component="button" type="button" onClick={() => onOpen(id)}>
        Show the first one
      </Anchor>
    </Text>
  );
}

function SendAgain(props: {
  readonly of: Detail;
  readonly sending: Sending;
  readonly onOpen: (id: string) => void;
}) {
  const { of, sending, onOpen } = props;
  const [isConfirming, setConfirming] = useState(false);
  const send = async () => {
    const id = await sending.send(of);
    setConfirming(false);
    if (id !== null && id !== of.id) onOpen(id);
  };
  if (of.state !== 'sent')
    return (
      <Button
        loading={sending.isBusy}
        leftSection={<Icon name="send" size={16} />}
        onClick={() => void send()}
      >
        {of.state === 'failed' ? 'Try again' : 'Try now'}
      </Button>
    );
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="send" size={16} />}
        onClick={() => setConfirming(true)}
      >
        Send again
      </Button>
      {isConfirming ? (
        <Confirm
          title="Send it again?"
          verb="Send again"
          isBusy={sending.isBusy}
          error={null}
          onConfirm={() => void send()}
          onClose={() => setConfirming(false)}
        >
          It has arrived already; {of.to} will get it a second time.
        </Confirm>
      ) : null}
    </>
  );
}

function Attempts({ of: { tries, state, channel } }: { readonly of: Detail }) {
  if (tries.length === 0)
    return <Text c="dimmed">{state === 'waiting' ? 'None yet.' : 'None is recorded.'}</Text>;
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table aria-label="Attempts">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>Came of it</Table.Th>
            <Table.Th ta="right">Took</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tries.map(attempt => (
            <Table.Tr key={`${attempt.attempt} ${attempt.at}`} style={{ verticalAlign: 'top' }}>
              <Table.Td>
                <Moment at={attempt.at} />
              </Table.Td>
              <Table.Td>
                <Result of={attempt} isHook={channel === 'webhook'} />
              </Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {tookWords(attempt.tookMs)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const OUTCOME = {
  sent: ['Arrived', 'pine'],
  failed: ['Failed', 'amber'],
  refused: ['Refused for good', 'brick'],
} as const;

function Result({ of, isHook }: { readonly of: Attempt; readonly isHook: boolean }) {
  const [words, color] = OUTCOME[of.outcome];
  // Of a webhook's answer the status says it already, and the answer is shown below.
  const isAnswer = isHook && of.status !== null;
  return (
    <Stack gap={2} align="flex-start">
      <Group gap={6}>
        <Badge color={color} variant="light" size="sm">
          {words}
        </Badge>
        {of.status === null ? null : (
          <Text size="xs" c="dimmed">
            answered {of.status}
          </Text>
        )}
      </Group>
      {of.error === null || isAnswer ? null : (
        <Text size="xs" c="var(--baton-bad)" style={{ overflowWrap: 'anywhere' }}>
          {failureWords(of.error)}
        </Text>
      )}
      {of.response === null || of.response === '' ? null : (
        <details className={css.answer}>
          <summary>Show the answer</summary>
          <Code block className={css.text}>
            {of.response}
          </Code>
        </details>
      )}
    </Stack>
  );
}
