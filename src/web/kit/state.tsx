import { Alert, Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { errorWords } from '../client/client.ts';
import { Icon, type IconName } from './icon.tsx';

/** Grey bars where rows will be. */
export function Loading({ rows = 6, height = 44 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => `row ${index}`).map(key => (
        <Skeleton key={key} height={height} />
      ))}
    </Stack>
  );
}

/** Says that there is nothing, and what to do next; `isPage` where it stands in for a whole page. */
export function Empty(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly isPage?: boolean;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <Stack align="center" gap={6} py="xl" px="md" ta="center">
      <Text c="dimmed" component="span">
        <Icon name={props.icon} size={32} />
      </Text>
      {props.isPage === true ? (
        <Title order={1} size="h2">
          {props.title}
        </Title>
      ) : (
        <Text fw={600} size="md">
          {props.title}
        </Text>
      )}
      <Text c="dimmed" maw={440}>
        {props.children}
      </Text>
      {props.action === undefined ? null : <div style={{ marginTop: 8 }}>{props.action}</div>}
    </Stack>
  );
}

/** Says what went wrong and offers to try again. */
export function Failed({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  return (
    <Alert color="brick" variant="light" icon={<Icon name="warning" />} title="This could not be loaded">
      <Stack gap="xs" align="flex-start">
        <Text>{errorWords(error)}</Text>
        <Button size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}

/** Shows an answer once it is there; grey bars before, the failure and a retry when it does not come. */
export function Await<Data>(props: {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch'>;
  readonly children: (data: Data) => ReactNode;
  readonly loading?: ReactNode;
}) {
  const { data, error, refetch } = props.query;
  if (data !== undefined) return props.children(data);
  if (error !== null) return <Failed error={error} retry={() => void refetch()} />;
  return props.loading ?? <Loading />;
}
