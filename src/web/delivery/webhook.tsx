import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Webhook } from '../../contract/api/webhook.ts';
import { HOOK_TYPES, type HookType, urlProblem } from '../../core/delivery/webhook.ts';
import { errorWords, problemAt } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { Icon } from '../kit/icon.tsx';
import { showDone } from '../kit/notice.tsx';
import { closingBy } from '../kit/secret.tsx';
import { SecretShown } from './webhooksecret.tsx';
import { HOOK_WORDS } from './webhookwords.ts';

/** Adds a webhook, or changes one; a new one's secret is shown at the end. */
export function WebhookDialog(props: { readonly webhook?: Webhook; readonly onClose: () => void }) {
  const { webhook, onClose } = props;
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        secret !== null
          ? 'The webhook is set up'
          : webhook === undefined
            ? 'Add a webhook'
            : 'Change the webhook'
      }
      {...closingBy(secret === null)}
      size="lg"
    >
      {secret === null ? (
        <WebhookForm webhook={webhook ?? null} onSecret={setSecret} onClose={onClose} />
      ) : (
        <SecretShown secret={secret} onClose={onClose} />
      )}
    </Modal>
  );
}

function WebhookForm(props: {
  readonly webhook: Webhook | null;
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}) {
  const { webhook, onSecret, onClose } = props;
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [allowPrivate, setAllowPrivate] = useState(webhook?.allowPrivate ?? false);
  const [isAll, setAll] = useState(webhook === null || webhook.eventTypes.length === 0);
  const [types, setTypes] = useState<readonly string[]>(webhook?.eventTypes ?? []);
  const [wasSent, setWasSent] = useState(false);
  const creating = useChange('createWebhook');
  const updating = useChange('updateWebhook');
  const error = creating.error ?? updating.error;
  const problem = url.trim() === '' ? 'Enter an address' : urlProblem(url, { allowPrivate });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasSent(true);
    if (problem !== null || (!isAll && types.length === 0)) return;
    const eventTypes = isAll ? [] : HOOK_TYPES.filter(type => types.includes(type));
    const body = { url: url.trim(), description: description.trim(), eventTypes, allowPrivate };
    if (webhook === null) creating.mutate({ body }, { onSuccess: answer => onSecret(answer.secret) });
    else
      updating.mutate(
        { params: { id: webhook.id }, body },
        {
          onSuccess: () => {
            showDone('The webhook is changed.');
            onClose();
          },
        },
      );
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label="Address"
          description="Where Baton sends each message by POST"
          placeholder="https://crm.example.com/hooks/baton"
          value={url}
          required
          data-autofocus
          error={problemAt(error, 'url') ?? (wasSent && problem !== null ? capital(problem) : null)}
          onChange={event => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label="Description (optional)"
          description="What it is for, to tell webhooks apart"
          placeholder="Our CRM"
          maxLength={200}
          value={description}
          error={problemAt(error, 'description')}
          onChange={event => setDescription(event.currentTarget.value)}
        />
        <Types
          isAll={isAll}
          onAll={setAll}
          types={types}
          onTypes={setTypes}
          isMissing={wasSent && !isAll && types.length === 0}
        />
        <Switch
          label="May lie within your own network"
          description="Allows private addresses and plain http"
          checked={allowPrivate}
          onChange={event => setAllowPrivate(event.currentTarget.checked)}
        />
        {allowPrivate ? (
          <Alert color="amber" variant="light" icon={<Icon name="warning" />}>
            Anyone who may change this webhook can then make Baton send requests to machines inside your
            network. Over plain http, names of leads travel unencrypted.
          </Alert>
        ) : null}
        {error === null ? null : <Alert color="brick">{errorWords(error)}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={creating.isPending || updating.isPending}>
            {webhook === null ? 'Add' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Types(props: {
  readonly isAll: boolean;
  readonly onAll: (isAll: boolean) => void;
  readonly types: readonly string[];
  readonly onTypes: (types: readonly string[]) => void;
  readonly isMissing: boolean;
}) {
  const { isAll, onAll, types, onTypes, isMissing } = props;
  return (
    <Stack gap="xs">
      <Radio.Group
        label="What it is told of"
        value={isAll ? 'all' : 'some'}
        onChange={value => onAll(value === 'all')}
        error={isMissing ? 'Choose at least one' : null}
      >
        <Stack gap={6} mt={6}>
          <Radio value="all" label="Everything, also what later versions of Baton add" />
          <Radio value="some" label="Only these" />
        </Stack>
      </Radio.Group>
      {isAll ? null : (
        <Checkbox.Group aria-label="Only these" value={[...types]} onChange={onTypes}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={8} pl="xl">
            {HOOK_TYPES.map((type: HookType) => (
              <Checkbox key={type} value={type} size="sm" label={HOOK_WORDS[type]} description={type} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      )}
      {isAll ? null : (
        <Text size="xs" c="dimmed">
          The small names are the type in the message.
        </Text>
      )}
    </Stack>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
