import { Badge, Box, Button, Group, Stack, Text } from '@mantine/core';
import type { TimelineItem } from '../../contract/shapes.ts';
import { call } from '../client.ts';
import { Icon, type IconName } from '../icon.tsx';
import { usePages } from '../query.ts';
import { Empty, Failed, Loading } from './state.tsx';
import css from './timeline.module.css';
import { When } from './when.tsx';

const ICONS: Readonly<Record<string, IconName>> = {
  event: 'event',
  profile: 'person',
  stage: 'flag',
  handoff: 'swap',
  activity: 'phone',
  decision: 'check',
  alert: 'bell',
  merge: 'merge',
};

/** What happened to a contact, newest first. */
export function Timeline({ contactId }: { readonly contactId: string }) {
  const pages = usePages({
    key: ['listTimeline', { params: { id: contactId } }],
    load: (cursor, signal) =>
      call('listTimeline', { params: { id: contactId }, query: { limit: 30, cursor } }, signal),
  });
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={5} />;
  if (pages.items.length === 0)
    return (
      <Empty icon="clock" title="Nothing happened yet">
        Events and decisions will show up here.
      </Empty>
    );
  return (
    <>
      <ol className={css.list}>
        {pages.items.map(item => (
          <TimelineRow key={item.id} item={item} />
        ))}
      </ol>
      {pages.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show earlier
        </Button>
      ) : null}
    </>
  );
}

function TimelineRow({ item }: { readonly item: TimelineItem }) {
  return (
    <li className={css.item} data-machine={item.machine} data-kind={item.kind}>
      <span className={css.dot}>
        <Icon name={item.machine ? 'machine' : (ICONS[item.kind] ?? 'event')} size={14} />
      </span>
      <Box style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text fw={item.kind === 'event' || item.kind === 'profile' ? 450 : 600}>{item.title}</Text>
          {item.machine ? (
            <Badge
              color="gray"
              variant="light"
              size="sm"
              title="Made by a link scanner or bot: it does not score"
            >
              Machine-made, not scored
            </Badge>
          ) : null}
        </Group>
        {item.detail === null ? null : (
          <Text c="dimmed" className={css.detail}>
            {item.detail}
          </Text>
        )}
      </Box>
      <Stack gap={0} align="flex-end" className={css.side}>
        <Text size="xs" c="dimmed">
          <When at={item.at} />
        </Text>
        {item.actor === null ? null : (
          <Text size="xs" c="dimmed">
            {item.actor}
          </Text>
        )}
      </Stack>
    </li>
  );
}
