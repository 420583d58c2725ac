import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Mark } from '../kit/icon.tsx';

/** The frame of the pages before somebody is signed in. */
export function Entrance(props: {
  readonly title: string;
  readonly words: string;
  readonly children: ReactNode;
}) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Group gap={10} justify="center">
          <Mark size={34} />
          <Text fw={700} fz={24} lts={-0.3}>
            Baton
          </Text>
        </Group>
        <Paper withBorder p="xl" bg="var(--baton-surface)">
          <Title order={1} mb={4}>
            {props.title}
          </Title>
          <Text c="dimmed" mb="lg">
            {props.words}
          </Text>
          {props.children}
        </Paper>
      </Stack>
    </Center>
  );
}
