import { Button, Group, Kbd } from '@mantine/core';
import type { EpisodeHead } from '../../contract/shapes.ts';
import type { Decisions } from '../decision.tsx';
import { Icon } from '../icon.tsx';
import { useMay } from '../session.tsx';

/** Which dialog about a lead is open. */
export type Dialog = 'reject' | 'touch' | 'reassign' | null;

/** What the person signed in may do with an episode as it stands now. */
export function EpisodeActions(props: {
  readonly episode: EpisodeHead;
  readonly decisions: Decisions;
  readonly onAccept: () => void;
  readonly onOpen: (dialog: Exclude<Dialog, null>) => void;
  /** Whether keys work here, so that the buttons name them. */
  readonly withKeys?: boolean;
}) {
  const { episode, decisions, onAccept, onOpen, withKeys = false } = props;
  const may = useMay();
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
  if (!may('acceptEpisode')) return null;
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
        Accept
      </Button>
      <Button
        variant="outline"
        color="brick"
        leftSection={<Icon name="cross" />}
        onClick={() => onOpen('reject')}
        {...key('R')}
      >
        Reject
      </Button>
      <Button
        variant="default"
        leftSection={<Icon name="phone" />}
        onClick={() => onOpen('touch')}
        {...key('T')}
      >
        Log touch
      </Button>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<Icon name="swap" />}
        onClick={() => onOpen('reassign')}
      >
        Reassign
      </Button>
    </Group>
  );
}

const REOPENABLE: readonly EpisodeHead['state'][] = ['accepted', 'recycled', 'disqualified'];
