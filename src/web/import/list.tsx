import { Anchor, Badge, Button, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ImportedFile } from '../../contract/api/import.ts';
import { call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import { Undo } from './undo.tsx';
import { countWords, stateWords } from './words.ts';

/** The imports so far, newest first, each to be opened or taken back. */
export function EarlierImports() {
  const [undone, setUndone] = useState<ImportedFile | null>(null);
  const pages = usePages({
    key: ['listImports'],
    load: (cursor, signal) => call('listImports', { query: { limit: 20, cursor } }, signal),
  });
  return (
    <Card title="Earlier imports">
      {pages.error !== null && pages.items.length === 0 ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.first === undefined ? (
        <Loading rows={3} />
      ) : pages.items.length === 0 ? (
        <Empty icon="upload" title="Nothing was imported yet">
          Files that were imported stand here, with what became of their rows, and can be taken back.
        </Empty>
      ) : (
        <>
          <Table aria-label="Imports">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>File</Table.Th>
                <Table.Th>Rows</Table.Th>
                <Table.Th visibleFrom="sm">Who and when</Table.Th>
                <Table.Th>Action</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {pages.items.map(item => (
                <ImportRow key={item.id} item={item} onUndo={() => setUndone(item)} />
              ))}
            </Table.Tbody>
          </Table>
          <More pages={pages} label="Show more" size="xs" mt="sm" />
        </>
      )}
      {undone === null ? null : <Undo item={undone} onClose={() => setUndone(null)} />}
    </Card>
  );
}

function ImportRow({ item, onUndo }: { readonly item: ImportedFile; readonly onUndo: () => void }) {
  const isOpen = item.state !== 'running' && item.taken > 0 && item.undoneAt === null;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Anchor component={Link} to={`/import?import=${item.id}`} underline="always">
          {item.file}
        </Anchor>
        <Text size="xs" c="dimmed">
          {item.kind}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={item.state === 'stopped' ? 'brick' : 'gray'}>
          {stateWords(item)}
        </Badge>
        <Text size="xs" c="dimmed">
          {countWords(item)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        {item.by ?? 'Command line'}
        <Text size="xs" c="dimmed">
          <When at={item.at} />
        </Text>
      </Table.Td>
      <Table.Td>
        {isOpen ? (
          <Button size="compact-sm" variant="default" onClick={onUndo} aria-label={`Take ${item.file} back`}>
            Take back
          </Button>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
