import { Alert, Button, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Exception } from '../../contract/api/exception.ts';
import { counted } from '../../core/text/number.ts';
import { useExceptionWork } from './work.tsx';

/** Leads that are held for a pair that was decided meanwhile: routing takes them up by itself, or at once when asked. */
export function Unpaired({ exceptions }: { readonly exceptions: readonly Exception[] }) {
  const work = useExceptionWork();
  if (exceptions.length === 0) return null;
  return (
    <Alert
      color="amber"
      variant="light"
      mb="sm"
      title={`${counted(exceptions.length, 'lead')} held without a pair`}
    >
      {exceptions.map(exception => (
        <Group key={exception.id} gap="xs" justify="space-between">
          <Link to={`/contacts/${exception.contact?.id ?? ''}`}>{exception.contact?.name ?? 'A lead'}</Link>
          <Button
            size="compact-sm"
            variant="default"
            loading={work.isBusy}
            onClick={() => void work.retry(exception)}
          >
            Try routing now
          </Button>
        </Group>
      ))}
      <Text size="xs">Their possible duplicates have been decided in the meantime.</Text>
    </Alert>
  );
}
