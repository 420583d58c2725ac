import { Alert, Anchor, Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { ImportedFile } from '../../contract/api/import.ts';
import { counted } from '../../core/text/number.ts';
import { fileAddress } from '../client/client.ts';
import { useCall } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Await } from '../kit/state.tsx';
import { Undo } from './undo.tsx';
import { countWords, progressWords } from './words.ts';

/** How often it is asked how far an import has come, in milliseconds. */
const AGAIN_MS = 1_000;

/** An import under way, and then what became of it. */
export function RunningCard({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const query = useCall(
    'getImport',
    { params: { id } },
    { againMs: ({ state }) => (state === 'running' ? AGAIN_MS : null) },
  );
  const client = useQueryClient();
  const state = query.data?.state;
  useEffect(() => {
    if (state !== undefined) void client.invalidateQueries({ queryKey: ['listImports'] });
  }, [client, state]);
  return (
    <Card
      title={query.data?.file ?? 'Import'}
      side={
        <Button variant="subtle" color="gray" size="compact-sm" onClick={onClose}>
          Import another file
        </Button>
      }
    >
      <Await query={query}>{item => <State item={item} />}</Await>
    </Card>
  );
}

function State({ item }: { readonly item: ImportedFile }) {
  const [isUndoing, setUndoing] = useState(false);
  if (item.state === 'running') {
    const share = item.total === null || item.total === 0 ? null : (100 * item.done) / item.total;
    return (
      <Stack gap="xs" aria-busy="true">
        <Text aria-live="polite">{progressWords(item)}</Text>
        <Progress value={share ?? 100} animated={share === null} aria-label="Progress of the import" />
        <Text c="dimmed">{countWords(item)}. You may leave this page; the import goes on.</Text>
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <Text fw={600} aria-live="polite">
        {counted(item.rows, 'row')}: {countWords(item)}
      </Text>
      {item.failure === null ? null : (
        <Alert color="brick" title="The import stopped">
          {item.failure}. What was taken stays. Import the file again to go on: nothing is taken twice.
        </Alert>
      )}
      {item.notes.length === 0 ? null : (
        <List size="sm">
          {item.notes.map(note => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
      {item.undoneAt === null ? null : <Text c="dimmed">It was taken back.</Text>}
      <Group gap="sm">
        {item.refused === 0 ? null : (
          <Button
            component="a"
            variant="default"
            href={fileAddress('getImportErrorFile', { params: { id: item.id } })}
            download
          >
            Download the {counted(item.refused, 'refused row')}
          </Button>
        )}
        {item.taken === 0 || item.undoneAt !== null ? null : (
          <Button variant="default" onClick={() => setUndoing(true)}>
            Take back
          </Button>
        )}
        <Anchor component={Link} to="/contacts?sort=-createdAt">
          See the contacts
        </Anchor>
      </Group>
      {isUndoing ? <Undo item={item} onClose={() => setUndoing(false)} /> : null}
    </Stack>
  );
}
