import { Anchor, Button, Group, SegmentedControl, Select, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { DELIVERY_STATES } from '../../contract/api/delivery.ts';
import { CHANNELS } from '../../core/alert/message.ts';
import { counted } from '../../core/text/number.ts';
import { type CallInput, call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { PageHead } from '../kit/card.tsx';
import { Confirm } from '../kit/confirm.tsx';
import { Denied } from '../kit/denied.tsx';
import { Icon } from '../kit/icon.tsx';
import { More } from '../kit/more.tsx';
import { SearchField } from '../kit/search.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { Channels } from './channels.tsx';
import { DeliveryDrawer } from './detail.tsx';
import { DeliveryTable } from './list.tsx';
import { useSending } from './send.ts';
import { CHANNEL_WORDS, STATE_WORDS } from './words.ts';

type Filter = NonNullable<CallInput<'listDeliveries'>['query']>;
/** Messages leave without the page being told: it looks again this often, in milliseconds. */
const AGAIN_MS = 5_000;

/** What was sent, what waits and what failed, by every way out; each can be read and sent again. */
export function DeliveriesPage() {
  useDocumentTitle('Deliveries · Baton');
  const may = useMay();
  return may('listDeliveries') ? <Deliveries /> : <Denied what="deliveries" needs="listDeliveries" />;
}

function Deliveries() {
  const [params, setParams] = useSearchParams();
  const set = (changes: Readonly<Record<string, string | null>>) =>
    setParams(
      previous => {
        const next = new URLSearchParams(previous);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const filter = readFilter(params);
  const webhookId = params.get('webhook');
  const channels = useCall('listChannels', {}, { againMs: () => AGAIN_MS });
  const failed = channels.data?.items.reduce((sum, channel) => sum + channel.failed, 0) ?? 0;
  return (
    <>
      <PageHead title="Deliveries" side={<RetryAll channel={filter.channel} failed={failed} />}>
        <Text c="dimmed">Everything that leaves Baton: its recipient, its time, and its outcome.</Text>
      </PageHead>
      {channels.data === undefined || webhookId !== null ? null : (
        <Channels items={channels.data.items} onPick={(channel, state) => set({ channel, state, q: null })} />
      )}
      {webhookId === null ? (
        <Filters filter={filter} set={set} />
      ) : (
        <OfWebhook id={webhookId} onAll={() => set({ webhook: null })} />
      )}
      <List filter={filter} webhookId={webhookId} onOpen={id => set({ id })} onClear={() => setParams({})} />
      <DeliveryDrawer id={params.get('id')} onOpen={id => set({ id })} onClose={() => set({ id: null })} />
    </>
  );
}

function readFilter(params: URLSearchParams): Filter {
  return {
    state: DELIVERY_STATES.find(state => state === params.get('state')),
    channel: CHANNELS.find(channel => channel === params.get('channel')),
    q: params.get('q') ?? undefined,
    contactId: params.get('contact') ?? undefined,
    episodeId: params.get('episode') ?? undefined,
  };
}

function RetryAll({ channel, failed }: { readonly channel: Filter['channel']; readonly failed: number }) {
  const [isConfirming, setConfirming] = useState(false);
  const sending = useSending();
  const of = channel === undefined ? '' : ` of ${CHANNEL_WORDS[channel]}`;
  return (
    <>
      <Button
        variant="default"
        disabled={failed === 0}
        leftSection={<Icon name="send" size={16} />}
        onClick={() => setConfirming(true)}
      >
        Try all failed again
      </Button>
      {isConfirming ? (
        <Confirm
          title="Try all failed messages again?"
          verb="Try again"
          isBusy={sending.isBusy}
          error={null}
          onConfirm={() => void sending.sendFailed(channel).then(() => setConfirming(false))}
          onClose={() => setConfirming(false)}
        >
          Every message{of} that failed is sent at once, however old. Alerts about leads that were decided
          long ago arrive too.
        </Confirm>
      ) : null}
    </>
  );
}

function Filters(props: {
  readonly filter: Filter;
  readonly set: (changes: Readonly<Record<string, string | null>>) => void;
}) {
  const { filter, set } = props;
  return (
    <Group gap="sm" mb="md">
      <SegmentedControl
        size="sm"
        aria-label="State"
        value={filter.state ?? 'all'}
        data={[
          { value: 'all', label: 'All' },
          ...DELIVERY_STATES.map(value => ({ value, label: STATE_WORDS[value] })),
        ]}
        onChange={value => set({ state: value === 'all' ? null : value })}
      />
      <Select
        aria-label="Way out"
        placeholder="Every way out"
        clearable
        w={170}
        value={filter.channel ?? null}
        data={CHANNELS.map(value => ({ value, label: CHANNEL_WORDS[value] }))}
        onChange={channel => set({ channel })}
      />
      <SearchField
        label="Search deliveries"
        placeholder="Recipient or subject"
        value={filter.q ?? ''}
        onSearch={q => set({ q })}
        style={{ flex: '1 1 200px' }}
      />
    </Group>
  );
}

function OfWebhook({ id, onAll }: { readonly id: string; readonly onAll: () => void }) {
  const webhooks = useCall('listWebhooks', {});
  const webhook = webhooks.data?.items.find(item => item.id === id);
  const name = webhook === undefined ? 'one webhook' : webhook.description || webhook.url;
  return (
    <Group gap="sm" mb="md">
      <Text>
        Only what goes to <b>{name}</b>.
      </Text>
      <Button size="compact-sm" variant="default" onClick={onAll}>
        Show all deliveries
      </Button>
      <Anchor component={Link} to="/settings/webhooks">
        Webhooks
      </Anchor>
    </Group>
  );
}

function List(props: {
  readonly filter: Filter;
  readonly webhookId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onClear: () => void;
}) {
  const { filter, webhookId, onOpen, onClear } = props;
  const sending = useSending();
  const pages = usePages({
    key: webhookId === null ? ['listDeliveries', filter] : ['listWebhookDeliveries', webhookId, filter.state],
    load: (cursor, signal) =>
      webhookId === null
        ? call('listDeliveries', { query: { ...filter, cursor } }, signal)
        : call(
            'listWebhookDeliveries',
            { params: { id: webhookId }, query: { state: filter.state, cursor } },
            signal,
          ),
    againMs: AGAIN_MS,
  });
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={8} />;
  if (pages.items.length === 0)
    return Object.values(filter).every(value => value === undefined) ? (
      <Empty icon="send" title="Nothing was sent yet">
        Alerts by e-mail and Slack, those in the app and messages to webhooks are listed here as they leave.
      </Empty>
    ) : (
      <Empty
        icon="search"
        title={filter.state === 'failed' ? 'Nothing has failed' : 'No delivery matches'}
        action={
          <Button variant="default" onClick={onClear}>
            Show all deliveries
          </Button>
        }
      >
        {filter.state === 'failed'
          ? 'A message that cannot be delivered would stand here, with the reason.'
          : 'Search looks into recipients and subjects.'}
      </Empty>
    );
  return (
    <>
      <DeliveryTable items={pages.items} sending={sending} onOpen={onOpen} />
      {pages.hasNextPage ? (
        <More pages={pages} mt="md" mx="auto" display="block" />
      ) : (
        <Text size="xs" c="dimmed" ta="center" mt="md">
          {counted(pages.items.length, 'delivery', 'deliveries')}. Those sent over 90 days ago are removed.
        </Text>
      )}
    </>
  );
}
