import { Alert, Button, Group, Progress, Select, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { errorWords } from '../client/client.ts';
import { Icon } from '../kit/icon.tsx';
import css from './import.module.css';
import { MAX_BYTES, type SentFile, sendFile } from './upload.ts';
import { type ImportKindName, KIND_CHOICES, sizeWords } from './words.ts';

const NAME = /\.(csv|tsv|txt|jsonl|ndjson)(\.gz)?$/i;

/** What keeps a file from being sent; null for nothing. */
function faultOf({ name, size }: File): string | null {
  if (!NAME.test(name))
    return `Expected a file named .csv or .jsonl, got ${name}. In a spreadsheet: save as CSV.`;
  if (size === 0) return `${name} is empty.`;
  return size > MAX_BYTES
    ? `${name} has ${sizeWords(size)}; at most 64 MB can be sent. Split it, or use the command line.`
    : null;
}

/** Takes a file by a click or by dropping it, and sends it. */
export function Choose(props: {
  readonly kind: ImportKindName;
  readonly onKind: (kind: ImportKindName) => void;
  readonly onSent: (file: SentFile) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (file === undefined || share !== null) return;
    const fault = faultOf(file);
    setProblem(fault);
    if (fault !== null) return;
    setShare(0);
    try {
      props.onSent(await sendFile(file, setShare, new AbortController().signal));
    } catch (error) {
      setProblem(errorWords(error));
    }
    setShare(null);
  };
  return (
    <>
      <Group mb="sm" align="flex-end">
        <Select
          label="The file holds"
          data={[...KIND_CHOICES]}
          value={props.kind}
          allowDeselect={false}
          onChange={value => {
            const chosen = KIND_CHOICES.find(choice => choice.value === value);
            if (chosen !== undefined) props.onKind(chosen.value);
          }}
          w={180}
        />
        <Text size="xs" c="dimmed">
          Exports of HubSpot, Salesforce, Pipedrive, Meta and LinkedIn lead forms are recognised.
        </Text>
      </Group>
      {/* Dropping is for a mouse; the button inside does the same for everybody. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div
        className={css.drop}
        data-over={isOver || undefined}
        onDragOver={event => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={event => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer.files[0]);
        }}
      >
        <Icon name="upload" size={28} />
        {share === null ? (
          <>
            <Button onClick={() => input.current?.click()}>Choose a file</Button>
            <Text c="dimmed">or drop it here: CSV or JSON lines, up to 64 MB</Text>
          </>
        ) : (
          <>
            <Text>Sending …</Text>
            <Progress value={100 * share} w="100%" maw={320} aria-label="Sent" />
          </>
        )}
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,.jsonl,.ndjson,.gz"
          className={css.input}
          tabIndex={-1}
          aria-label="File to import"
          onChange={event => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </div>
      {problem === null ? null : (
        <Alert color="brick" mt="sm" role="alert">
          {problem}
        </Alert>
      )}
    </>
  );
}
