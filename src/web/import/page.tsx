import { Stack, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMay } from '../client/session.tsx';
import { Card, PageHead } from '../kit/card.tsx';
import { Denied } from '../kit/denied.tsx';
import { Choose } from './choose.tsx';
import { EarlierImports } from './list.tsx';
import { PreviewCard } from './preview.tsx';
import { RunningCard } from './running.tsx';
import type { SentFile } from './upload.ts';
import type { ImportKindName } from './words.ts';

/** Files of other systems: chosen, looked at, imported, and taken back. */
export function ImportPage() {
  useDocumentTitle('Import · Baton');
  const may = useMay();
  return may('listImports') ? <Import /> : <Denied what="imports" needs="listImports" />;
}

function Import() {
  const [params, setParams] = useSearchParams();
  const [kind, setKind] = useState<ImportKindName>('contacts');
  const [file, setFile] = useState<SentFile | null>(null);
  const shown = params.get('import');
  return (
    <>
      <PageHead title="Import">
        <Text c="dimmed">
          Contacts, events and outcomes from files. A file that is read twice changes nothing.
        </Text>
      </PageHead>
      <Stack gap="md">
        {shown !== null ? (
          <RunningCard id={shown} onClose={() => setParams({})} />
        ) : file === null ? (
          <Card title="Import a file">
            <Choose kind={kind} onKind={setKind} onSent={setFile} />
          </Card>
        ) : (
          <PreviewCard
            key={file.id}
            file={file}
            kind={kind}
            onDrop={() => setFile(null)}
            onStarted={id => {
              setFile(null);
              setParams({ import: id });
            }}
          />
        )}
        <EarlierImports />
      </Stack>
    </>
  );
}
