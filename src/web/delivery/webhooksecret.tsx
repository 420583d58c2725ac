import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { Webhook } from '../../contract/api/webhook.ts';
import { errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { closingBy, Secret } from '../kit/secret.tsx';

/** A webhook's secret, shown this once. */
export function SecretShown({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <Stack gap="md">
      <Text>
        Every message is signed with this secret. Put it into the software that receives them, so that it can
        tell Baton's messages from anybody else's. It is shown only now.
      </Text>
      <Secret label="Secret" value={secret} />
      <Text size="xs" c="dimmed">
        Any library for Standard Webhooks checks the signature: give it this secret, the body as it came, and
        the headers webhook-id, webhook-timestamp and webhook-signature.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}

/** Makes a new secret; the old one signs as well for a day. */
export function RotateDialog({
  webhook,
  onClose,
}: {
  readonly webhook: Webhook;
  readonly onClose: () => void;
}) {
  const rotating = useChange('rotateWebhook');
  const done = rotating.data;
  return (
    <Modal opened onClose={onClose} title="A new secret" {...closingBy(done === undefined)}>
      {done === undefined ? (
        <Stack gap="md">
          <Text>
            For 24 hours every message is signed with both, so that nothing is refused while you put the new
            one in. After that the old one is of no use to anybody.
          </Text>
          {webhook.rotatesUntil === null ? null : (
            <Text c="var(--baton-soon)">
              A new secret was made within the last day. The one before that stops signing at once.
            </Text>
          )}
          {rotating.error === null ? null : <Alert color="brick">{errorWords(rotating.error)}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} data-autofocus>
              Cancel
            </Button>
            <Button
              loading={rotating.isPending}
              onClick={() => rotating.mutate({ params: { id: webhook.id } })}
            >
              Make a new secret
            </Button>
          </Group>
        </Stack>
      ) : (
        <SecretShown secret={done.secret} onClose={onClose} />
      )}
    </Modal>
  );
}
