import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { Icon } from './icon.tsx';

/** Text to paste elsewhere, with what it is and a button that copies it. */
export function Snippet({ words, text }: { readonly words: string; readonly text: string }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between" align="flex-end" wrap="nowrap">
        <Text fw={600}>{words}</Text>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              style={{ flexShrink: 0 }}
              leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </Code>
    </Stack>
  );
}
