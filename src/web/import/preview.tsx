import { Alert, Button, Checkbox, Code, Group, List, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { counted } from '../../core/text/number.ts';
import { type CallOutput, call, errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { Failed, Loading } from '../kit/state.tsx';
import { Columns, Forms, mappingOf, NO_WISHES, type Wishes } from './columns.tsx';
import css from './import.module.css';
import type { SentFile } from './upload.ts';
import { type ImportKindName, sizeWords } from './words.ts';

type Looked = CallOutput<'previewImport'>;
type Preview = NonNullable<Looked['preview']>;

/** How long typing must rest before the file is looked at again, in milliseconds. */
const TYPING_MS = 500;

/** Shows how a file would be read, lets a person change that, and imports it. */
export function PreviewCard(props: {
  readonly file: SentFile;
  readonly kind: ImportKindName;
  readonly onStarted: (id: string) => void;
  readonly onDrop: () => void;
}) {
  const { file, kind } = props;
  const [wishes, setWishes] = useState<Wishes>(NO_WISHES);
  const [handoff, setHandoff] = useState(false);
  const [source, setSource] = useState<string | null>(null);
  const [settled] = useDebouncedValue(wishes, TYPING_MS);
  const mapping = mappingOf(settled, source);
  const starting = useChange('startImport');
  const looking = useQuery({
    queryKey: ['previewImport', file.id, kind, mapping],
    queryFn: async ({ signal }) => {
      const answer = await call(
        'previewImport',
        { params: { id: file.id }, body: { kind, mapping } },
        signal,
      );
      // What was recognised at first stays the base of what people change.
      if (Object.keys(mapping).length === 0) setSource(answer.source);
      return answer;
    },
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const change = (part: Partial<Wishes>) => setWishes(old => ({ ...old, ...part }));
  const start = () =>
    starting.mutate(
      { body: { uploadId: file.id, kind, mapping, handoff } },
      { onSuccess: ({ id }) => props.onStarted(id) },
    );
  const preview = looking.data?.preview ?? null;
  return (
    <Card
      title={file.name}
      side={
        <Button variant="subtle" color="gray" size="compact-sm" onClick={props.onDrop}>
          Choose another file
        </Button>
      }
    >
      <Stack gap="md">
        <Text c="dimmed">{sizeWords(file.bytes)}. Nothing is written until you import it.</Text>
        {looking.error !== null ? (
          <Failed error={looking.error} retry={() => void looking.refetch()} />
        ) : null}
        {looking.data === undefined && looking.error === null ? <Loading rows={8} height={28} /> : null}
        {looking.data === undefined ? null : (
          <>
            <Faults looked={looking.data} />
            {kind === 'contacts' || preview !== null ? <Forms wishes={wishes} onChange={change} /> : null}
            {preview === null ? null : (
              <>
                <Columns
                  looked={looking.data}
                  wishes={wishes}
                  onChange={(column, field) => change({ columns: { ...wishes.columns, [column]: field } })}
                />
                <Rows preview={preview} wishes={wishes} onChange={change} />
                <Group gap="sm">
                  <Button
                    onClick={start}
                    loading={starting.isPending}
                    disabled={preview.usable === 0 || looking.isFetching || settled !== wishes}
                  >
                    Import {counted(preview.usable, 'row')}
                  </Button>
                  {kind === 'outcomes' ? null : (
                    <Checkbox
                      label="Hand over the leads that qualify now"
                      checked={handoff}
                      onChange={event => setHandoff(event.currentTarget.checked)}
                    />
                  )}
                </Group>
              </>
            )}
            {starting.error === null ? null : <Alert color="brick">{errorWords(starting.error)}</Alert>}
          </>
        )}
      </Stack>
    </Card>
  );
}

function Faults({ looked }: { readonly looked: Looked }) {
  if (looked.problems.length === 0) return null;
  return (
    <Alert color="brick" title="The file cannot be read so" role="alert">
      <List size="sm">
        {looked.problems.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>{path === '' ? message : `${path}: ${message}`}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** What is to be known of the rows, those that cannot be used, and the first ones as they are understood. */
function Rows(props: {
  readonly preview: Preview;
  readonly wishes: Wishes;
  readonly onChange: (part: Partial<Wishes>) => void;
}) {
  const { preview, wishes, onChange } = props;
  const { rows, usable, refused, passed } = preview;
  return (
    <Stack gap="xs">
      <Text fw={600} aria-live="polite">
        {counted(rows, 'row')}: {usable} can be used, {refused} cannot
        {passed === 0 ? '' : `, ${passed} are passed over`}
      </Text>
      {preview.notes.length === 0 ? null : (
        <List size="sm">
          {preview.notes.map(note => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
      {preview.problems.map(({ count, examples, example }) => (
        <Alert key={example} color="brick" variant="light" title={counted(count, 'row')}>
          {examples.map(({ line, reason }) => (
            <Text key={line} size="sm" className={css.reason ?? ''}>
              Line {line}: {reason}
            </Text>
          ))}
        </Alert>
      ))}
      {preview.disputed.map(address => (
        <Button
          key={address}
          variant="default"
          size="xs"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => onChange({ shared: [...wishes.shared, address] })}
        >
          Keep the people with {address} apart
        </Button>
      ))}
      {preview.first.length === 0 ? null : (
        <details>
          <summary>The first rows as they are understood</summary>
          <Code block mt="xs" className={css.reason ?? ''} style={{ whiteSpace: 'pre-wrap' }}>
            {preview.first.map(row => JSON.stringify(row)).join('\n')}
          </Code>
        </details>
      )}
    </Stack>
  );
}
