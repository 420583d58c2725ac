import { Box, Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A titled part of a page. */
export function Card(props: {
  readonly title: ReactNode;
  readonly children: ReactNode;
  readonly side?: ReactNode;
  readonly order?: 2 | 3;
}) {
  return (
    <Paper
      component="section"
      withBorder
      p="md"
      bg="var(--baton-surface)"
      style={{ borderColor: 'var(--baton-line)' }}
    >
      <Group justify="space-between" mb="sm" gap="xs" align="flex-start">
        <Title order={props.order ?? 2} size="h3">
          {props.title}
        </Title>
        {props.side === undefined ? null : <Box>{props.side}</Box>}
      </Group>
      {props.children}
    </Paper>
  );
}

/** The head of a page: its name, what is on the right of it, and what stands under it. */
export function PageHead(props: {
  readonly title: ReactNode;
  readonly side?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <Box mb="md">
      <Group justify="space-between" gap="sm" align="center">
        <Title order={1}>{props.title}</Title>
        {props.side}
      </Group>
      {props.children}
    </Box>
  );
}
