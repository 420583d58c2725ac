import { Alert, Anchor, Badge, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import type { Exception } from '../../contract/api/exception.ts';
import { capital, sentenceWords } from '../../core/condition/words.ts';
import { useCall } from '../client/query.ts';
import { ClockChip } from '../kit/due.tsx';
import { Icon } from '../kit/icon.tsx';
import { When } from '../kit/when.tsx';
import { exceptionWords } from '../routing/words.ts';

/** How many open exceptions are asked for at once to find those of the leads shown. */
const LIMIT = 200;

/** The exception in which a lead waits for an owner; null when somebody owns it, or it is not known yet. */
function useException(episode: EpisodeHead): Exception | null {
  const isWaiting = episode.owner === null && episode.state === 'open';
  const open = useCall('listExceptions', { query: { limit: LIMIT } }, { enabled: isWaiting });
  if (!isWaiting) return null;
  return open.data?.items.find(exception => exception.episode?.id === episode.id) ?? null;
}

/** Why nobody owns a lead and by when somebody must settle that, in a row of the queue. */
export function WaitingMark({ episode }: { readonly episode: EpisodeHead }) {
  const exception = useException(episode);
  return (
    <Group gap="xs">
      <Text size="xs" fw={600} c="var(--baton-soon)">
        {capital(episode.waitingFor ?? 'nobody owns it')}
      </Text>
      {exception === null ? null : <ClockChip what="Owner" at={exception.dueAt} from={exception.openedAt} />}
    </Group>
  );
}

/** Why nobody owns a lead, who deals with that and until when; nothing for a lead with an owner. */
export function Waiting({ episode }: { readonly episode: EpisodeHead }) {
  const exception = useException(episode);
  if (episode.owner !== null || episode.state !== 'open') return null;
  return (
    <Alert color="amber" variant="light" icon={<Icon name="clock" />} title="Nobody owns this lead">
      <Text>
        {exception === null ? sentenceWords(episode.waitingFor ?? 'it waits') : exceptionWords(exception)}
      </Text>
      {exception === null ? null : (
        <Group gap="xs" mt={6}>
          <ClockChip what="Owner" at={exception.dueAt} from={exception.openedAt} />
          <Text size="xs">
            {exception.owner === null ? 'Nobody deals with it yet' : `${exception.owner.name} deals with it`}
            {exception.retryAt === null ? null : (
              <>
                , routing tries again <When at={exception.retryAt} />
              </>
            )}
          </Text>
          <Anchor
            component={Link}
            size="xs"
            to={`/exceptions?show=${exception.kind}&item=${exception.likeness?.id ?? exception.id}`}
          >
            Settle it
          </Anchor>
        </Group>
      )}
    </Alert>
  );
}

/** Marks a lead that should be looked at again though it stays open. */
export function FlagBadge({ episode }: { readonly episode: EpisodeHead }) {
  if (episode.flag === null) return null;
  return (
    <Badge color="amber" variant="light" leftSection={<Icon name="flag" size={12} />} title={episode.flag}>
      Look again
    </Badge>
  );
}

/** Why a lead should be looked at again though it stays open. */
export function Flag({ episode }: { readonly episode: EpisodeHead }) {
  if (episode.flag === null) return null;
  return (
    <Alert color="amber" variant="light" icon={<Icon name="flag" />} title="Look at this lead again">
      {sentenceWords(episode.flag)} {episode.state === 'open' ? 'It stays open until sales decides.' : ''}
    </Alert>
  );
}
