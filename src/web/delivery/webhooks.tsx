import { ActionIcon, Alert, Badge, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Webhook } from '../../contract/api/webhook.ts';
import { capital } from '../../core/condition/words.ts';
import { counted } from '../../core/text/number.ts';
import { useCall, useChange } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Confirm } from '../kit/confirm.tsx';
import { Icon } from '../kit/icon.tsx';
import { showDone, showFailure } from '../kit/notice.tsx';
import { Await, Empty } from '../kit/state.tsx';
import css from '../kit/table.module.css';
import { Moment, When } from '../kit/when.tsx';
import { WebhookDialog } from './webhook.tsx';
import { RotateDialog } from './webhooksecret.tsx';
import { addressWords, HOOK_WORDS } from './webhookwords.ts';

/** While something waits or fails, the list is looked at again this often, in milliseconds. */
const AGAIN_MS = 5_000;

/** Addresses of other people's software that are told what happens. */
export function WebhooksPart() {
  const webhooks = useCall('listWebhooks', {}, { againMs: () => AGAIN_MS });
  const [isAdding, setAdding] = useState(false);
  return (
    <Card title="Webhooks" side={<Button onClick={() => setAdding(true)}>Add a webhook</Button>}>
      <Await query={webhooks}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="event" title="No webhooks yet">
              A webhook tells other software, such as a CRM or a data warehouse, when a lead is handed over,
              accepted or rejected. Messages are signed after Standard Webhooks.
            </Empty>
          ) : (
            <ul className={css.list} aria-label="Webhooks">
              {items.map(webhook => (
                <WebhookRow key={webhook.id} of={webhook} />
              ))}
            </ul>
          )
        }
      </Await>
      {isAdding ? <WebhookDialog onClose={() => setAdding(false)} /> : null}
    </Card>
  );
}

type Dialog = 'change' | 'rotate' | 'off' | 'delete' | null;

function WebhookRow({ of: webhook }: { readonly of: Webhook }) {
  const [dialog, setDialog] = useState<Dialog>(null);
  const navigate = useNavigate();
  const testing = useChange('testWebhook');
  const enabling = useChange('enableWebhook');
  const close = () => setDialog(null);
  const { id, enabled } = webhook;
  const test = () =>
    testing.mutate(
      { params: { id } },
      {
        onSuccess: ({ deliveryId }) => void navigate(`/deliveries?webhook=${id}&id=${deliveryId}`),
        onError: showFailure,
      },
    );
  const enable = () =>
    enabling.mutate(
      { params: { id } },
      {
        onSuccess: () =>
          showDone(`${nameOf(webhook)} is on again. What failed can be sent again from its deliveries.`),
        onError: showFailure,
      },
    );
  return (
    <li className={css.row}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} style={{ minWidth: 0, flex: '1 1 300px' }}>
          <Group gap="xs">
            <Text fw={600}>{nameOf(webhook)}</Text>
            <StateBadge of={webhook} />
          </Group>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {webhook.url}
          </Text>
          <Text size="xs" c="dimmed">
            {typesWords(webhook)}
            {webhook.allowPrivate ? ' May lie within your own network.' : ''}
          </Text>
          <Trouble of={webhook} />
        </Stack>
        <Group gap="xs" wrap="nowrap">
          {enabled ? (
            <Button size="compact-sm" variant="default" loading={testing.isPending} onClick={test}>
              Send a test
            </Button>
          ) : (
            <Button size="compact-sm" loading={enabling.isPending} onClick={enable}>
              Switch on again
            </Button>
          )}
          <Button size="compact-sm" variant="default" component={Link} to={`/deliveries?webhook=${id}`}>
            Deliveries
          </Button>
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <ActionIcon variant="default" size={26} aria-label={`More about ${nameOf(webhook)}`}>
                <Icon name="more" size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog('change')}>Change</Menu.Item>
              <Menu.Item onClick={() => setDialog('rotate')}>New secret</Menu.Item>
              {enabled ? <Menu.Item onClick={() => setDialog('off')}>Switch off</Menu.Item> : null}
              <Menu.Divider />
              <Menu.Item color="brick" onClick={() => setDialog('delete')}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {dialog === 'change' ? <WebhookDialog webhook={webhook} onClose={close} /> : null}
      {dialog === 'rotate' ? <RotateDialog webhook={webhook} onClose={close} /> : null}
      {dialog === 'off' ? <SwitchOff webhook={webhook} onClose={close} /> : null}
      {dialog === 'delete' ? <DeleteWebhook webhook={webhook} onClose={close} /> : null}
    </li>
  );
}

function nameOf({ description, url }: Webhook): string {
  return description === '' ? addressWords(url) : description;
}

function typesWords({ eventTypes }: Webhook): string {
  if (eventTypes.length === 0) return 'Told of everything, also what comes later.';
  return `Told when: ${eventTypes.map(type => HOOK_WORDS[type].toLowerCase()).join('; ')}.`;
}

function StateBadge({ of }: { readonly of: Webhook }) {
  const [words, color] = !of.enabled
    ? (['Switched off', 'gray'] as const)
    : of.failingSince === null
      ? (['On', 'pine'] as const)
      : (['Fails', 'brick'] as const);
  return (
    <Badge color={color} variant={of.enabled ? 'light' : 'outline'} size="sm">
      {words}
    </Badge>
  );
}

function Trouble({ of }: { readonly of: Webhook }) {
  const { disabledAt, disabledBecause, failingSince, waiting, rotatesUntil } = of;
  return (
    <>
      {disabledAt === null ? null : (
        <Alert color="amber" variant="light" py={6} icon={<Icon name="warning" size={16} />}>
          {capital(disabledBecause ?? 'switched off')} · <When at={disabledAt} />
        </Alert>
      )}
      {failingSince === null || disabledAt !== null ? null : (
        <Text size="xs" c="var(--baton-bad)">
          Nothing has arrived since <Moment at={failingSince} />.
        </Text>
      )}
      {waiting === 0 ? null : (
        <Text size="xs" c="dimmed">
          {counted(waiting, 'message')} {waiting === 1 ? 'waits' : 'wait'}.
        </Text>
      )}
      {rotatesUntil === null ? null : (
        <Text size="xs" c="dimmed">
          The secret before signs as well until <Moment at={rotatesUntil} />.
        </Text>
      )}
    </>
  );
}

interface OfWebhook {
  readonly webhook: Webhook;
  readonly onClose: () => void;
}

function SwitchOff({ webhook, onClose }: OfWebhook) {
  const changing = useChange('updateWebhook');
  return (
    <Confirm
      title={`Switch ${nameOf(webhook)} off?`}
      verb="Switch off"
      isBusy={changing.isPending}
      error={changing.error}
      onConfirm={() =>
        changing.mutate({ params: { id: webhook.id }, body: { enabled: false } }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      It is told of nothing that happens from now on. Switching it on again does not bring that back.
    </Confirm>
  );
}

function DeleteWebhook({ webhook, onClose }: OfWebhook) {
  const deleting = useChange('deleteWebhook');
  return (
    <Confirm
      title={`Delete ${nameOf(webhook)}?`}
      verb="Delete"
      isBusy={deleting.isPending}
      error={deleting.error}
      onConfirm={() => deleting.mutate({ params: { id: webhook.id } }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {webhook.waiting === 0
        ? 'Its secret stops being valid at once.'
        : `${counted(webhook.waiting, 'message')} that ${webhook.waiting === 1 ? 'waits' : 'wait'} for it will not be sent. Its secret stops being valid at once.`}
    </Confirm>
  );
}
