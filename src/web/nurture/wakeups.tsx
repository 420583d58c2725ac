import { Alert, Anchor, Box, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Wakeup } from '../../contract/api/nurture.ts';
import { counted } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { useCall, usePages } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { ScoreMark } from '../kit/mark.tsx';
import { More } from '../kit/more.tsx';
import { Failed } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import css from './nurture.module.css';
import { WakeupChoices } from './wakeup.tsx';

/** How many wake-ups are shown at once. */
const SHOWN = 10;
/** How many are counted for a line that tells of them. */
const COUNTED = 50;

/** One's own recycled leads whose date has come, the longest due first, each with what can be done; nothing without any. */
export function OwnWakeups() {
  const pages = usePages({
    key: ['listWakeups', { owner: 'me' }],
    load: (cursor, signal) => call('listWakeups', { query: { owner: 'me', limit: SHOWN, cursor } }, signal),
  });
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.items.length === 0) return null;
  return (
    <Card title="Leads to look at again">
      <ul className={css.wakeups}>
        {pages.items.map(wakeup => (
          <WakeupRow key={wakeup.episodeId} wakeup={wakeup} />
        ))}
      </ul>
      <More pages={pages} fullWidth mt="sm" />
    </Card>
  );
}

function WakeupRow({ wakeup }: { readonly wakeup: Wakeup }) {
  const { episodeId, contact, reason, note, decidedAt, at, total, grade, workRefused } = wakeup;
  const role = [contact.title, contact.company].filter(part => part !== null).join(', ');
  return (
    <li className={css.wakeup} data-episode={episodeId}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
          <Box style={{ minWidth: 0 }}>
            <Anchor component={Link} to={`/contacts/${contact.id}`} fw={600}>
              {contact.name}
            </Anchor>{' '}
            <Text component="span" size="sm" c="dimmed">
              {role}
            </Text>
            <Text size="sm">
              {reason?.label ?? 'Recycled'}
              {decidedAt === null ? null : (
                <>
                  , decided <When at={decidedAt} />
                </>
              )}
              . The date came <When at={at} />.
            </Text>
            {note === null ? null : (
              <Text size="sm" c="dimmed">
                “{note}”
              </Text>
            )}
          </Box>
          <ScoreMark total={total} grade={grade} />
        </Group>
        <WakeupChoices lead={{ episodeId, contact, workRefused, hasDate: true }} isDue />
      </Stack>
    </li>
  );
}

/** A line that says how many of one's own recycled leads wait to be looked at again, with the way there; nothing without any. */
export function WakeupLine() {
  const wakeups = useCall('listWakeups', { query: { owner: 'me', limit: COUNTED } });
  const { items = [], nextCursor = null } = wakeups.data ?? {};
  if (items.length === 0) return null;
  return (
    <Alert color="amber" variant="light" icon={<Icon name="nurture" />} mb="sm" py="xs">
      {nextCursor === null ? '' : 'More than '}
      {counted(items.length, 'lead')} to look at again, as the date has come:{' '}
      <Anchor component={Link} to="/today" underline="always">
        show in My day
      </Anchor>
    </Alert>
  );
}
