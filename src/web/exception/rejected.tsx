import { Alert, Badge, Box, Button, Code, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { isObject } from '../../core/condition/reading.ts';
import { counted } from '../../core/text/number.ts';
import { type CallOutput, call, errorWords } from '../client/client.ts';
import { useChange, usePages } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import css from '../kit/table.module.css';
import { When } from '../kit/when.tsx';

type Rejected = CallOutput<'listRejected'>['items'][number];

/** Calls that came in but could not be used, to be mended and taken in again. */
export function RejectedPart() {
  const pages = usePages({
    key: ['listRejected'],
    load: (cursor, signal) => call('listRejected', { query: { cursor } }, signal),
  });
  const [replayed, setReplayed] = useState<Rejected | null>(null);
  const notKept = pages.first?.notKept ?? 0;
  return (
    <Card title="Rejected calls">
      {pages.error !== null && pages.items.length === 0 ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.first === undefined ? (
        <Loading />
      ) : pages.items.length === 0 ? (
        <Empty icon="check" title="Every call could be used">
          A call without a user, or an event without a name, would wait here with its reason for 30 days.
        </Empty>
      ) : (
        <>
          {notKept === 0 ? null : (
            <Text c="dimmed" mb="sm">
              {counted(notKept, 'more call')} of the last 30 days {notKept === 1 ? 'was' : 'were'} only
              counted. Baton keeps a bounded number a day for each key.
            </Text>
          )}
          <ul className={css.list}>
            {pages.items.map(item => (
              <RejectedRow key={item.id} item={item} onReplay={() => setReplayed(item)} />
            ))}
          </ul>
          <More pages={pages} label="Show more" size="xs" mt="sm" />
        </>
      )}
      {replayed === null ? null : <Replay of={replayed} onClose={() => setReplayed(null)} />}
    </Card>
  );
}

function RejectedRow({ item, onReplay }: { readonly item: Rejected; readonly onReplay: () => void }) {
  const [isOpen, setOpen] = useState(false);
  // The reason shows the first.
  const [, ...others] = item.problems;
  return (
    <li className={css.row}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Box style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600}>{item.reason}</Text>
            {item.replayedAt === null ? null : (
              <Badge color="pine" variant="light" size="sm">
                Replayed
              </Badge>
            )}
          </Group>
          {others.map(({ path, message }) => (
            <Text key={`${path} ${message}`} c="dimmed">
              {path === '' ? message : `${path}: ${message}`}
            </Text>
          ))}
          <Text size="xs" c="dimmed">
            Received <When at={item.receivedAt} />
          </Text>
        </Box>
        <Group gap="xs" wrap="nowrap">
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-expanded={isOpen}
            onClick={() => setOpen(open => !open)}
          >
            {isOpen ? 'Hide' : 'Show'} call
          </Button>
          {item.replayedAt === null ? (
            <Button size="compact-sm" variant="default" onClick={onReplay}>
              Replay
            </Button>
          ) : null}
        </Group>
      </Group>
      {isOpen ? (
        <Code block mt="xs" mah={320} style={{ overflow: 'auto' }}>
          {JSON.stringify(item.call, null, 2)}
        </Code>
      ) : null}
    </li>
  );
}

function Replay({ of: item, onClose }: { readonly of: Rejected; readonly onClose: () => void }) {
  const [text, setText] = useState(() => JSON.stringify(item.call, null, 2));
  const [problem, setProblem] = useState<string | null>(null);
  const replaying = useChange('replayRejected');
  const submit = () => {
    const edited = parseCall(text);
    if (edited === null) return setProblem('Expected a JSON object: one call in the Segment shape.');
    setProblem(null);
    replaying.mutate(
      { params: { id: item.id }, body: { call: { ...edited } } },
      {
        onSuccess: () => {
          notifications.show({ color: 'pine', message: 'The call was taken in.' });
          onClose();
        },
      },
    );
  };
  const words = problem ?? (replaying.error === null ? null : errorWords(replaying.error));
  return (
    <Modal opened onClose={onClose} title="Take the call in" size="lg">
      <Stack gap="md">
        <Text c="dimmed">
          {item.reason}. Correct the call, then send it; this can be done once. If you change its ids or
          traits, it counts as yours: unless you are an admin, it then fills only empty values.
        </Text>
        <Textarea
          aria-label="The call as JSON"
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          autosize
          minRows={8}
          maxRows={20}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
        />
        {words === null ? null : <Alert color="brick">{words}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={replaying.isPending} onClick={submit}>
            Take it in
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function parseCall(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
