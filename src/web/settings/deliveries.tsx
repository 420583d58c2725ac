import { Badge, Button, SegmentedControl, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { counted } from '../../core/number.ts';
import { type CallOutput, call } from '../client.ts';
import { showFailure } from '../decision.tsx';
import { Card } from '../part/card.tsx';
import { Empty, Failed, Loading } from '../part/state.tsx';
import { When } from '../part/when.tsx';
import { useChange, usePages } from '../query.ts';

type Delivery = CallOutput<'listDeliveries'>['items'][number];
const STATES = ['waiting', 'sent', 'failed'] as const;
type State = (typeof STATES)[number];
const STATE_WORDS: Readonly<Record<State, readonly [string, string]>> = {
  waiting: ['Waiting', 'amber'],
  sent: ['Sent', 'pine'],
  failed: ['Failed', 'brick'],
};
const CHANNEL_WORDS = { email: 'E-mail', slack: 'Slack', in_app: 'In the app', webhook: 'Webhook' } as const;

/** Alerts that left the building, those that wait and those that failed. */
export function DeliveriesPart() {
  const [state, setState] = useState<State | undefined>(undefined);
  const pages = usePages({
    key: ['listDeliveries', state ?? 'all'],
    load: (cursor, signal) => call('listDeliveries', { query: { cursor, state } }, signal),
  });
  const filter = (
    <SegmentedControl
      size="xs"
      aria-label="State"
      value={state ?? 'all'}
      data={[
        { value: 'all', label: 'All' },
        ...STATES.map(value => ({ value, label: STATE_WORDS[value][0] })),
      ]}
      onChange={value => setState(STATES.find(known => known === value))}
    />
  );
  return (
    <Card title="Deliveries" side={filter}>
      {pages.error !== null && pages.items.length === 0 ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.first === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <Empty icon="mail" title={state === undefined ? 'Nothing was sent yet' : `Nothing is ${state}`}>
          Alerts and reminders that leave by e-mail, Slack or webhook are listed here.
        </Empty>
      ) : (
        <Table.ScrollContainer minWidth={640}>
          <Table aria-label="Deliveries">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>What</Table.Th>
                <Table.Th>To</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>When</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {pages.items.map(delivery => (
                <DeliveryRow key={delivery.id} delivery={delivery} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {pages.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Load more
        </Button>
      ) : null}
    </Card>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const retrying = useChange('retryDelivery', ['listDeliveries']);
  const [words, color] = STATE_WORDS[delivery.state];
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{delivery.subject}</Text>
        {delivery.lastError === null ? null : (
          <Text size="xs" c="var(--baton-bad)">
            {delivery.lastError}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {CHANNEL_WORDS[delivery.channel]}
        <Text size="xs" c="dimmed">
          {delivery.to}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge color={color} variant="light">
          {words}
        </Badge>
        {delivery.attempts > 1 ? (
          <Text size="xs" c="dimmed">
            {counted(delivery.attempts, 'attempt')}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td c="dimmed">
        <When at={delivery.sentAt ?? delivery.createdAt} />
        {delivery.nextAttemptAt === null ? null : (
          <Text size="xs" c="dimmed">
            next attempt <When at={delivery.nextAttemptAt} />
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">
        {delivery.state === 'failed' ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={retrying.isPending}
            onClick={() => retrying.mutate({ params: { id: delivery.id } }, { onError: showFailure })}
          >
            Send again
          </Button>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
