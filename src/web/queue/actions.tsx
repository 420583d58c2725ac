import { Button, Group, Kbd, Text } from '@mantine/core';
import type { EpisodeHead } from '../../contract/api/episode.ts';
import { useUser } from '../client/session.tsx';
import { Icon } from '../kit/icon.tsx';
import { type Decisions, isForOthers } from './decision.tsx';

/** Which dialog about a lead is open. */
export type Dialog = 'reject' | 'touch' | 'snooze' | 'reassign' | 'handback' | null;

/** What the person signed in may do with an episode as it stands now. */
export function EpisodeActions(props: {
  readonly episode: EpisodeHead;
  readonly decisions: Decisions;
  readonly onAccept: () => void;
  readonly onTake: () => void;
  readonly onOpen: (dialog: Exclude<Dialog, null>) => void;
  /** Whether keys work here, so that the buttons name them. */
  readonly withKeys?: boolean;
}) {
  const { episode, decisions, onAccept, onTake, onOpen, withKeys = false } = props;
  const me = useUser();
  const key = (name: string) =>
    withKeys
      ? {
          rightSection: (
            <Kbd size="xs" visibleFrom="md">
              {name}
            </Kbd>
          ),
        }
      : {};
  if (episode.workRefused !== null)
    return episode.state === 'open' ? <Text c="dimmed">{episode.workRefused}</Text> : null;
  const canReopen = episode.decidedAt !== null && REOPENABLE.includes(episode.state);
  if (episode.state !== 'open')
    return canReopen ? (
      <Group>
        <Button
          variant="default"
          leftSection={<Icon name="undo" />}
          loading={decisions.isBusy}
          onClick={() => void decisions.reopen(episode)}
        >
          Reopen
        </Button>
      </Group>
    ) : null;
  return (
    <Group gap="xs">
      <Button leftSection={<Icon name="check" />} loading={decisions.isBusy} onClick={onAccept} {...key('A')}>
        {isForOthers(episode) ? 'Done' : 'Accept'}
      </Button>
      {isForOthers(episode) ? null : (
        <Button
          variant="outline"
          color="brick"
          leftSection={<Icon name="cross" />}
          onClick={() => onOpen('reject')}
          {...key('R')}
        >
          Reject
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<Icon name="phone" />}
        onClick={() => onOpen('touch')}
        {...key('T')}
      >
        Log touch
      </Button>
      {episode.owner === null ? null : (
        <Button
          variant="default"
          leftSection={<Icon name="snooze" />}
          onClick={() => onOpen('snooze')}
          {...key('S')}
        >
          Snooze
        </Button>
      )}
      {episode.owner?.id === me.id ? (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<Icon name="undo" />}
          onClick={() => onOpen('handback')}
          {...key('B')}
        >
          Hand back
        </Button>
      ) : (
        <Button
          variant={episode.owner === null ? 'light' : 'subtle'}
          color={episode.owner === null ? 'pine' : 'gray'}
          leftSection={<Icon name="person" />}
          onClick={onTake}
          {...key('M')}
        >
          {episode.owner === null ? 'Take it' : 'Take over'}
        </Button>
      )}
      <Button
        variant="subtle"
        color="gray"
        leftSection={<Icon name="swap" />}
        onClick={() => onOpen('reassign')}
      >
        {episode.owner === null ? 'Assign' : 'Reassign'}
      </Button>
    </Group>
  );
}

const REOPENABLE: readonly EpisodeHead['state'][] = ['accepted', 'recycled', 'disqualified', 'handled'];
