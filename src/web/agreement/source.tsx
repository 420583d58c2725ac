import { Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { Icon } from '../kit/icon.tsx';
import css from './terms.module.css';

/** A file as its author wrote it, to copy or download. */
export function Source({ text, file }: { readonly text: string; readonly file: string }) {
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text c="dimmed">
          The file both teams agreed on. It can be kept in git and checked with “baton validate”.
        </Text>
        <Group gap="xs">
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                size="xs"
                leftSection={<Icon name={copied ? 'check' : 'copy'} size={15} />}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={15} />}
            onClick={() => download(text, file)}
          >
            Download
          </Button>
        </Group>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className={css.source} tabIndex={0}>
        {text}
      </pre>
    </Stack>
  );
}

function download(text: string, file: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  URL.revokeObjectURL(url);
}
