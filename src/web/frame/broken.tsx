import { Button, Code, Stack, Text } from '@mantine/core';
import { useRouteError } from 'react-router';
import { Empty } from '../kit/state.tsx';

/** Stands in for a page that failed to show. */
export function BrokenPage() {
  const error = useRouteError();
  return (
    <Empty
      isPage
      icon="warning"
      title="This page broke"
      action={<Button onClick={() => window.location.reload()}>Reload the page</Button>}
    >
      <Stack component="span" gap="xs">
        <Text component="span" inherit>
          Your data is safe. If reloading does not help, tell your administrator what you did and this
          message:
        </Text>
        <Code>{error instanceof Error ? error.message : String(error)}</Code>
      </Stack>
    </Empty>
  );
}
