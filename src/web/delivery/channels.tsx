import { Badge, Button, Group, Paper, SimpleGrid, Text } from '@mantine/core';
import type { Channel } from '../../core/alert/message.ts';
import { failureWords } from '../../core/delivery/failure.ts';
import { parseRecipient } from '../../core/delivery/recipient.ts';
import { counted } from '../../core/text/number.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Icon, type IconName } from '../kit/icon.tsx';
import { When } from '../kit/when.tsx';
import { addressWords } from './webhookwords.ts';
import { CHANNEL_WORDS } from './words.ts';

type Health = CallOutput<'listChannels'>['items'][number];

const ICON: Readonly<Record<Channel, IconName>> = {
  email: 'mail',
  slack: 'message',
  in_app: 'bell',
  webhook: 'event',
};

/** The ways out side by side: whether each is set up, what waits, and what fails. */
export function Channels(props: {
  readonly items: readonly Health[];
  readonly onPick: (channel: Channel, state: 'waiting' | 'failed') => void;
}) {
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm" mb="md">
      {props.items.map(health => (
        <ChannelCard key={health.channel} of={health} onPick={state => props.onPick(health.channel, state)} />
      ))}
    </SimpleGrid>
  );
}

function ChannelCard(props: { readonly of: Health; readonly onPick: (state: 'waiting' | 'failed') => void }) {
  const { channel, waiting, failed, failing } = props.of;
  const first = failing[0];
  return (
    <Paper
      component="section"
      aria-label={CHANNEL_WORDS[channel]}
      withBorder
      p="sm"
      bg="var(--baton-surface)"
      style={{ borderColor: 'var(--baton-line)' }}
    >
      <Group justify="space-between" gap={4}>
        <Group gap={6} wrap="nowrap">
          <Icon name={ICON[channel]} size={16} />
          <Text fw={600}>{CHANNEL_WORDS[channel]}</Text>
        </Group>
        <Health of={props.of} />
      </Group>
      <Group gap="xs" mt={4}>
        <Figure count={waiting} words="waiting" onPick={() => props.onPick('waiting')} />
        <Figure count={failed} words="failed in 7 days" isBad onPick={() => props.onPick('failed')} />
      </Group>
      {first === undefined ? null : (
        <Text size="xs" c="var(--baton-bad)" mt={4} lineClamp={3} title={first.lastError}>
          {first.to === null || parseRecipient(channel, first.to).kind === 'slackWebhook'
            ? ''
            : `${addressWords(first.to)}: `}
          {failureWords(first.lastError)}
          {', since '}
          <When at={first.since} />
          {', next attempt '}
          <When at={first.nextAttemptAt} />
          {failing.length > 1 ? ` (and ${counted(failing.length - 1, 'more', 'more')})` : ''}
        </Text>
      )}
    </Paper>
  );
}

function Health({ of }: { readonly of: Health }) {
  const may = useMay();
  const isWebhook = of.channel === 'webhook';
  const webhooks = useCall('listWebhooks', {}, { enabled: isWebhook && may('listWebhooks') });
  const isNone = isWebhook && webhooks.data?.items.length === 0;
  if (!of.isSetUp || isNone)
    return (
      <Badge color="gray" variant="outline" size="sm">
        {isNone ? 'None yet' : 'Not set up'}
      </Badge>
    );
  return of.failing.length === 0 ? (
    <Badge color="pine" variant="light" size="sm">
      Works
    </Badge>
  ) : (
    <Badge color="brick" variant="light" size="sm">
      Fails
    </Badge>
  );
}

function Figure(props: {
  readonly count: number;
  readonly words: string;
  readonly isBad?: boolean;
  readonly onPick: () => void;
}) {
  const { count, words, isBad = false, onPick } = props;
  if (count === 0)
    return (
      <Text size="xs" c="dimmed">
        0 {words}
      </Text>
    );
  return (
    <Button size="compact-xs" variant="subtle" color={isBad ? 'brick' : 'gray'} ml={-6} onClick={onPick}>
      {counted(count, words, words)}
    </Button>
  );
}
