import { Alert, Box, Button, Group, Kbd, Modal, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Duplicate } from '../../contract/api/duplicate.ts';
import type { Exception } from '../../contract/api/exception.ts';
import { errorWords } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { useMay } from '../client/session.tsx';
import { Card } from '../kit/card.tsx';
import { ClockChip } from '../kit/due.tsx';
import { Icon } from '../kit/icon.tsx';
import { Await, Loading } from '../kit/state.tsx';
import css from './detail.module.css';
import { DuplicateTable, type Kept, KeptChoice } from './table.tsx';
import { likenessWords } from './words.ts';
import type { DuplicateWork } from './work.tsx';

/** Which of the two stays. */
export type Keep = 'left' | 'right';

/** Two contacts that may be one person: why it is thought so, both side by side, and what to do. */
export function PairDetail(props: {
  readonly pair: Duplicate;
  readonly held: Exception | null;
  readonly work: DuplicateWork;
  readonly onMerge: (keep: Keep) => void;
}) {
  const { pair, held, work, onMerge } = props;
  const detail = useCall('getDuplicate', { params: { id: pair.id } });
  const may = useMay();
  const isLeft = pair.suggestedInto === pair.a.id;
  return (
    <Stack gap="md">
      <Box>
        <Title order={2}>
          {pair.a.name === pair.b.name ? pair.a.name : `${pair.a.name} or ${pair.b.name}`}
        </Title>
        <Text c="dimmed">The same person? {sentence(likenessWords(pair.score))}</Text>
      </Box>
      {may('mergeDuplicate') ? (
        <Group gap="xs">
          <MergeButton isSuggested={isLeft} letter="L" onClick={() => onMerge('left')}>
            Merge into the left
          </MergeButton>
          <MergeButton isSuggested={!isLeft} letter="R" onClick={() => onMerge('right')}>
            Merge into the right
          </MergeButton>
          <Button
            variant="default"
            leftSection={<Icon name="cross" />}
            rightSection={<Letter name="X" />}
            loading={work.isBusy}
            onClick={() => void work.keepApart(pair)}
          >
            Keep apart
          </Button>
        </Group>
      ) : (
        <Text c="dimmed">Marketing, a sales manager or an admin decides on these.</Text>
      )}
      {held === null ? null : (
        <Alert
          color="amber"
          variant="light"
          icon={<Icon name="clock" />}
          title="A lead is held until this is decided"
        >
          <Group gap="xs">
            <ClockChip at={held.dueAt} from={held.openedAt} />
            <Text>
              {held.owner === null ? 'Nobody deals with it yet.' : `${held.owner.name} deals with it.`}
            </Text>
          </Group>
        </Alert>
      )}
      <Card title="Why they may be one">
        <ul className={css.reasons}>
          {pair.reasons.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Card>
      <Card title="Side by side">
        <Await query={detail} loading={<Loading rows={6} height={30} />}>
          {data => <DuplicateTable pair={data} />}
        </Await>
      </Card>
    </Stack>
  );
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function MergeButton(props: {
  readonly isSuggested: boolean;
  readonly letter: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Button
      variant={props.isSuggested ? 'filled' : 'default'}
      leftSection={<Icon name="merge" />}
      rightSection={<Letter name={props.letter} />}
      onClick={props.onClick}
      {...(props.isSuggested
        ? { title: 'This one is further along with sales, or older; the business address is kept either way' }
        : {})}
    >
      {props.children}
    </Button>
  );
}

function Letter({ name }: { readonly name: string }) {
  return (
    <Kbd size="xs" visibleFrom="md">
      {name}
    </Kbd>
  );
}

/** Shows what a merge keeps, and merges. */
export function MergeDialog(props: {
  readonly pair: Duplicate;
  readonly keep: Keep;
  readonly work: DuplicateWork;
  readonly onClose: () => void;
}) {
  const { pair, keep, work, onClose } = props;
  const detail = useCall('getDuplicate', { params: { id: pair.id } });
  const [problem, setProblem] = useState<string | null>(null);
  const [kept, setKept] = useState<Kept>({});
  const [stays, goes] = keep === 'left' ? [pair.a, pair.b] : [pair.b, pair.a];
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await work.merge(pair, { into: stays.id, keep: kept });
      onClose();
    } catch (error) {
      setProblem(errorWords(error));
    }
  };
  const bothOpen = stays.openEpisode !== null && goes.openEpisode !== null;
  return (
    <Modal opened onClose={onClose} title="Make them one contact?">
      <form onSubmit={event => void submit(event)}>
        <Stack gap="md">
          <Text>
            All that happened to <b>{goes.name}</b>
            {goes.email === null ? '' : ` (${goes.email})`} moves into the{' '}
            {keep === 'left' ? 'left' : 'right'} one, <b>{stays.name}</b>
            {stays.email === null ? '' : ` (${stays.email})`}: history, addresses and handoffs. The score is
            calculated again.
          </Text>
          {bothOpen ? (
            <Text>Both have an open handoff: one stays, the other is closed as a duplicate.</Text>
          ) : null}
          <Box>
            <Text fw={600} mb={4}>
              What is kept where they differ
            </Text>
            <Await query={detail} loading={<Loading rows={2} height={22} />}>
              {data => <KeptChoice pair={data} kept={kept} onChoose={setKept} />}
            </Await>
          </Box>
          <Text size="xs" c="dimmed">
            This can be undone.
          </Text>
          {problem === null ? null : <Alert color="brick">{problem}</Alert>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={work.isBusy} data-autofocus>
              Merge
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
