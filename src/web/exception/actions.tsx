import { Button, Group, Kbd, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Exception } from '../../contract/api/exception.ts';
import { useMay } from '../client/session.tsx';
import { Icon } from '../kit/icon.tsx';
import type { ExceptionWork } from './work.tsx';

/** Which dialog about an exception is open. */
export type ExceptionDialog = 'assign' | 'complete' | 'close' | 'entrust';

/** What the person signed in may do about an exception; the usual thing first. */
export function ExceptionActions(props: {
  readonly exception: Exception;
  readonly work: ExceptionWork;
  readonly onTake: () => void;
  readonly onOpen: (dialog: ExceptionDialog) => void;
}) {
  const { exception, work, onTake, onOpen } = props;
  const may = useMay();
  if (exception.closedAt !== null) return null;
  if (exception.workRefused !== null) return <Text c="dimmed">{exception.workRefused}</Text>;
  const lacks = exception.kind === 'missing_data' && exception.missing.length > 0;
  return (
    <Group gap="xs">
      {lacks ? (
        <Button leftSection={<Icon name="note" />} onClick={() => onOpen('complete')} {...key('F')}>
          Fill in what is missing
        </Button>
      ) : null}
      {exception.episode === null ? null : (
        <>
          <Button
            variant={lacks ? 'default' : 'filled'}
            leftSection={<Icon name="swap" />}
            onClick={() => onOpen('assign')}
            {...key('A')}
          >
            Assign
          </Button>
          <Button variant="default" leftSection={<Icon name="person" />} onClick={onTake} {...key('M')}>
            Take the lead
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="undo" />}
            loading={work.isBusy}
            onClick={() => void work.retry(exception)}
            {...key('N')}
          >
            Try routing now
          </Button>
        </>
      )}
      {exception.kind === 'delivery' && may('retryDeliveries') ? (
        <>
          <Button leftSection={<Icon name="undo" />} loading={work.isBusy} onClick={() => void work.resend()}>
            Send what failed again
          </Button>
          <Button component={Link} to="/deliveries?state=failed" variant="default">
            Show the deliveries
          </Button>
        </>
      ) : null}
      {exception.joining !== null && may('partException') ? (
        <Button
          leftSection={<Icon name="undo" />}
          loading={work.isBusy}
          onClick={() => void work.part(exception)}
        >
          Take apart what it joined
        </Button>
      ) : null}
      {mayClose(exception) && may('closeException') ? (
        <Button
          variant="default"
          leftSection={<Icon name="check" />}
          onClick={() => onOpen('close')}
          {...key('C')}
        >
          Close with a note
        </Button>
      ) : null}
    </Group>
  );
}

/** Whether a note is enough to close it: a lead that waits needs an owner instead. */
export function mayClose({ closedAt, episode }: Exception): boolean {
  return closedAt === null && episode === null;
}

function key(name: string) {
  return {
    rightSection: (
      <Kbd size="xs" visibleFrom="md">
        {name}
      </Kbd>
    ),
  };
}
