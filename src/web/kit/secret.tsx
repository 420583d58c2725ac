import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { Icon } from './icon.tsx';

/** A secret that is shown this once, with a button that copies it. */
export function Secret({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <Stack gap={4}>
      <Text fw={600}>{label}</Text>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code
          block
          style={{ flex: 1, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
          data-testid="secret"
        >
          {value}
        </Code>
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={<Icon name={copied ? 'check' : 'copy'} size={15} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
}

/** How a dialog may be closed: while it shows a secret, only by a button that says so. */
export function closingBy(isFree: boolean) {
  return { closeOnEscape: isFree, closeOnClickOutside: isFree };
}
