import { Alert, Button, Group, Stack } from '@mantine/core';
import { failureWords } from '../../core/delivery/failure.ts';
import { errorWords } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { Icon } from '../kit/icon.tsx';

/** How often it is asked what became of a test, in milliseconds. */
const AGAIN_MS = 700;

/** Sends the person signed in a test message over a channel, and says what the other side answered. */
export function TestSend({ channel, verb }: { readonly channel: 'email' | 'slack'; readonly verb: string }) {
  const testing = useChange('testPreference');
  const id = testing.data?.deliveries[0]?.id ?? null;
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        leftSection={<Icon name="send" size={15} />}
        loading={testing.isPending}
        onClick={() => testing.mutate({ body: { channels: [channel] } })}
      >
        {verb}
      </Button>
      {testing.error === null ? null : <Alert color="brick">{errorWords(testing.error)}</Alert>}
      {id === null ? null : <Outcome key={id} id={id} />}
    </Stack>
  );
}

function Outcome({ id }: { readonly id: string }) {
  const delivery = useCall(
    'getDelivery',
    { params: { id } },
    { againMs: ({ state, lastError }) => (state === 'waiting' && lastError === null ? AGAIN_MS : null) },
  );
  const { state, lastError = null, to = '', tries = [] } = delivery.data ?? {};
  if (state === 'sent') {
    const answer = tries.at(-1)?.response ?? null;
    return (
      <Alert color="pine" variant="light" icon={<Icon name="check" />} role="status">
        Sent to {to}.{answer === null || answer === '' ? '' : ` The other side answered: ${answer}`}
      </Alert>
    );
  }
  if (lastError !== null)
    return (
      <Alert color="brick" variant="light" icon={<Icon name="warning" />} role="status">
        Not sent. The other side said: {failureWords(lastError)}
      </Alert>
    );
  return (
    <Group gap="xs" role="status">
      On its way …
    </Group>
  );
}
