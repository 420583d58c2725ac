import { Anchor, Box, Drawer, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { EpisodeBadge, ScoreMark } from '../kit/mark.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import css from '../kit/table.module.css';
import { When } from '../kit/when.tsx';
import { readLeads } from './leads.ts';

/** The figure of a report to look behind. */
export interface Figure {
  readonly title: string;
  /** The query of exactly the leads that it counts. */
  readonly leads: string;
}

/** The episodes behind a figure of the report. */
export function Drill({ figure, onClose }: { readonly figure: Figure | null; readonly onClose: () => void }) {
  return (
    <Drawer opened={figure !== null} onClose={onClose} position="right" size="lg" title={figure?.title ?? ''}>
      {figure === null ? null : <DrillList figure={figure} />}
    </Drawer>
  );
}

function DrillList({ figure }: { readonly figure: Figure }) {
  const { leads } = figure;
  const pages = usePages({
    key: ['listEpisodes', { leads }],
    load: (cursor, signal) => call('listEpisodes', { query: { ...readLeads(leads), cursor } }, signal),
  });
  return <LeadsBehind pages={pages} />;
}

type Pages = Pick<
  ReturnType<typeof usePages<EpisodeHead, { items: readonly EpisodeHead[]; nextCursor: string | null }>>,
  'items' | 'error' | 'first' | 'refetch' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
>;

/** The leads that a figure counts, each with what became of it. */
export function LeadsBehind({ pages }: { readonly pages: Pages }) {
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading />;
  if (pages.items.length === 0)
    return (
      <Empty icon="report" title="No leads here">
        What this figure counted has changed since. Close this and look again.
      </Empty>
    );
  return (
    <Stack gap="xs">
      <ul className={css.list}>
        {pages.items.map(episode => (
          <DrillRow key={episode.id} episode={episode} />
        ))}
      </ul>
      <More pages={pages} />
    </Stack>
  );
}

function DrillRow({ episode }: { readonly episode: EpisodeHead }) {
  const { contact, owner, reason } = episode;
  return (
    <li className={css.row}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Box style={{ minWidth: 0 }}>
          <Anchor component={Link} to={`/contacts/${contact.id}`} fw={600}>
            {contact.name}
          </Anchor>
          <Text c="dimmed" lineClamp={1}>
            {[contact.title, contact.company].filter(part => part !== null).join(', ')}
          </Text>
          <Group gap="xs" mt={4}>
            <EpisodeBadge state={episode.state} />
            <Text size="xs" c="dimmed">
              {reason === null ? episode.path.label : reason.label} · {owner?.name ?? 'nobody'} · handed over{' '}
              <When at={episode.handedOffAt} />
            </Text>
          </Group>
          {episode.note === null ? null : (
            <Text size="xs" c="dimmed" mt={2}>
              “{episode.note}”
            </Text>
          )}
        </Box>
        <ScoreMark total={episode.total} grade={episode.grade} />
      </Group>
    </li>
  );
}
