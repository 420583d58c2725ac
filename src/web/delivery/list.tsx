import { Badge, Button, Table, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import type { Delivery } from '../../contract/api/delivery.ts';
import { failureWords } from '../../core/delivery/failure.ts';
import { counted } from '../../core/text/number.ts';
import { useCall } from '../client/query.ts';
import { When } from '../kit/when.tsx';
import { lengthWords } from '../words/time.ts';
import css from './delivery.module.css';
import type { Sending } from './send.ts';
import { CHANNEL_WORDS, stateOf, subjectWords } from './words.ts';

/** Deliveries, each to be opened, and sent again where that is due. */
export function DeliveryTable(props: {
  readonly items: readonly Delivery[];
  readonly sending: Sending;
  readonly onOpen: (id: string) => void;
}) {
  return (
    <Table aria-label="Deliveries" highlightOnHover className={css.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>What</Table.Th>
          <Table.Th visibleFrom="sm">To</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th visibleFrom="sm">When</Table.Th>
          <Table.Th visibleFrom="sm">
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.items.map(delivery => (
          <DeliveryRow
            key={delivery.id}
            delivery={delivery}
            sending={props.sending}
            onOpen={() => props.onOpen(delivery.id)}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function DeliveryRow(props: {
  readonly delivery: Delivery;
  readonly sending: Sending;
  readonly onOpen: () => void;
}) {
  const { delivery, sending, onOpen } = props;
  const { state, lastError } = delivery;
  return (
    <Table.Tr className={css.row} onClick={onOpen}>
      <Table.Td className={css.what}>
        <UnstyledButton
          className={css.open}
          onClick={event => {
            event.stopPropagation();
            onOpen();
          }}
        >
          <Text fw={600} lineClamp={2}>
            {subjectWords(delivery)}
          </Text>
        </UnstyledButton>
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {CHANNEL_WORDS[delivery.channel]}, {delivery.to}
        </Text>
        {lastError === null || state === 'sent' ? null : (
          <Text size="xs" c="var(--baton-bad)" lineClamp={2}>
            {failureWords(lastError)}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm" className={css.to}>
        {CHANNEL_WORDS[delivery.channel]}
        <Text size="xs" c="dimmed" lineClamp={1}>
          {delivery.to}
        </Text>
      </Table.Td>
      <Table.Td className={css.state}>
        <DeliveryBadge of={delivery} />
        <Attempts of={delivery} />
      </Table.Td>
      <Table.Td visibleFrom="sm" c="dimmed" className={css.when}>
        <When at={delivery.createdAt} />
        <Late of={delivery} />
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right">
        {state === 'failed' ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={sending.isBusy}
            onClick={event => {
              event.stopPropagation();
              void sending.send(delivery);
            }}
          >
            Try again
          </Button>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}

/** How long a message was on its way, where that is worth saying. */
function Late({ of: { createdAt, sentAt } }: { readonly of: Delivery }) {
  const session = useCall('getSession', {});
  // The demo tells a past that is sent today: no message was ever late.
  if ((session.data?.demo ?? null) !== null) return null;
  const tookMs = sentAt === null ? 0 : Date.parse(sentAt) - Date.parse(createdAt);
  if (tookMs < LATE_MS) return null;
  return (
    <Text size="xs" c="dimmed">
      sent {lengthWords(tookMs)} later
    </Text>
  );
}

/** From here on a delay is no longer "at once". */
const LATE_MS = 60_000;

/** How a delivery stands. */
export function DeliveryBadge({ of }: { readonly of: Pick<Delivery, 'state' | 'attempts'> }) {
  const { words, color } = stateOf(of);
  return (
    <Badge color={color} variant="light">
      {words}
    </Badge>
  );
}

function Attempts({ of }: { readonly of: Delivery }) {
  const { attempts, nextAttemptAt } = of;
  if (nextAttemptAt !== null && attempts > 0)
    return (
      <Text size="xs" c="dimmed">
        {counted(attempts, 'attempt')}, next <When at={nextAttemptAt} />
      </Text>
    );
  return attempts > 1 ? (
    <Text size="xs" c="dimmed">
      {counted(attempts, 'attempt')}
    </Text>
  ) : null;
}
