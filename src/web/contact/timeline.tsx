import { ActionIcon, Badge, Box, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { TIMELINE_PARTS, type TimelineItem } from '../../contract/api/contact.ts';
import { call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { useNow } from '../kit/clock.ts';
import { Icon, type IconName } from '../kit/icon.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { shortMomentWords } from '../words/time.ts';
import { useReclass } from './reclass.tsx';
import css from './timeline.module.css';

const ICONS: Readonly<Record<string, IconName>> = {
  event: 'event',
  handoff: 'swap',
  activity: 'phone',
  decision: 'check',
  alert: 'bell',
  letter: 'mail',
  merge: 'merge',
  class: 'machine',
};

const PARTS = [
  { value: 'all', label: 'All' },
  { value: 'events', label: 'What they did' },
  { value: 'work', label: 'Sales' },
  { value: 'alerts', label: 'Alerts' },
];

/** What happened to a contact, newest first. */
export function Timeline(props: { readonly contactId: string; readonly mayClass: boolean }) {
  const { contactId, mayClass } = props;
  const [part, setPart] = useState('all');
  const show = TIMELINE_PARTS.find(known => known === part);
  const pages = usePages({
    key: ['listTimeline', { params: { id: contactId } }, part],
    load: (cursor, signal) =>
      call('listTimeline', { params: { id: contactId }, query: { limit: 30, cursor, show } }, signal),
  });
  const reclass = useReclass(contactId);
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={5} />;
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="sm"
        aria-label="What of the timeline is shown"
        value={part}
        data={PARTS}
        onChange={setPart}
      />
      {pages.items.length === 0 ? (
        <Empty icon="clock" title={show === undefined ? 'Nothing happened yet' : 'Nothing of this kind'}>
          Events and decisions will show up here.
        </Empty>
      ) : null}
      <ol className={css.list} aria-label="Timeline">
        {pages.items.map(item => (
          <TimelineRow key={item.id} item={item}>
            {item.eventId !== null && mayClass ? (
              <ClassButton
                item={item}
                isBusy={reclass.isBusy}
                onClass={() => void reclass.tell(item, !item.machine)}
              />
            ) : null}
          </TimelineRow>
        ))}
      </ol>
      <More pages={pages} label="Show earlier" size="xs" mt="sm" />
    </>
  );
}

function TimelineRow({ item, children }: { readonly item: TimelineItem; readonly children: ReactNode }) {
  const now = useNow();
  return (
    <li className={css.item} data-machine={item.machine} data-kind={item.kind}>
      <span className={css.dot}>
        <Icon name={item.machine ? 'machine' : (ICONS[item.kind] ?? 'event')} size={14} />
      </span>
      <Box style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text className={css.title ?? ''} fw={item.kind === 'event' ? 450 : 600}>
            {item.title}
          </Text>
          {item.machine ? (
            <Badge color="gray" variant="light" size="sm" title={item.machineReason ?? undefined}>
              Machine-made, not scored
            </Badge>
          ) : null}
        </Group>
        {item.detail === null ? null : (
          <Text c="dimmed" className={css.detail}>
            {item.detail}
          </Text>
        )}
        {item.machine ? children : null}
      </Box>
      <Stack gap={0} align="flex-end" className={css.side}>
        <Text size="xs" c="dimmed">
          <When at={item.at} />
        </Text>
        <Text size="xs" c="dimmed">
          {shortMomentWords(Date.parse(item.at), now)}
        </Text>
        {item.actor === null ? null : (
          <Text size="xs" c="dimmed">
            {item.actor}
          </Text>
        )}
        {item.machine ? null : children}
      </Stack>
    </li>
  );
}

/** Says of an event that it was made by the other kind: in words where a machine is suspected, else as a small mark. */
function ClassButton(props: {
  readonly item: TimelineItem;
  readonly isBusy: boolean;
  readonly onClass: () => void;
}) {
  const { item, isBusy, onClass } = props;
  if (item.machine)
    return (
      <Button variant="default" size="compact-xs" mt={4} disabled={isBusy} onClick={onClass}>
        This was a person
      </Button>
    );
  return (
    <ActionIcon
      className={css.bot}
      variant="subtle"
      color="gray"
      size={24}
      title="This was a bot"
      aria-label={`This was a bot: ${item.title}`}
      disabled={isBusy}
      onClick={onClass}
    >
      <Icon name="machine" size={15} />
    </ActionIcon>
  );
}
