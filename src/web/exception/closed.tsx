import { Anchor, Badge, Box, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Exception } from '../../contract/api/exception.ts';
import { capital } from '../../core/condition/words.ts';
import { call } from '../client/client.ts';
import { usePages } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { More } from '../kit/more.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import css from '../kit/table.module.css';
import { When } from '../kit/when.tsx';
import { exceptionWords } from '../routing/words.ts';
import { EXCEPTION_WORDS } from './words.ts';

/** The closed exceptions, newest first: who dealt with each and how. */
export function ClosedList({ isMine }: { readonly isMine: boolean }) {
  const owner = isMine ? 'me' : undefined;
  const pages = usePages({
    key: ['listExceptions', { state: 'closed', owner }],
    load: (cursor, signal) => call('listExceptions', { query: { state: 'closed', owner, cursor } }, signal),
  });
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading rows={6} />;
  if (pages.items.length === 0)
    return (
      <Empty icon="check" title="Nothing was closed yet">
        What is dealt with is kept here, with who did it and how.
      </Empty>
    );
  return (
    <Card title="Dealt with">
      <ul className={css.list} aria-label="Dealt with, newest first">
        {pages.items.map(exception => (
          <ClosedRow key={exception.id} exception={exception} />
        ))}
      </ul>
      <More pages={pages} label="Show more" size="xs" mt="sm" />
    </Card>
  );
}

function ClosedRow({ exception }: { readonly exception: Exception }) {
  const { contact, closedAt, closedBy, resolution, openedAt } = exception;
  return (
    <li className={css.row}>
      <Group gap="xs">
        {contact === null ? null : (
          <Anchor component={Link} to={`/contacts/${contact.id}`} fw={600}>
            {contact.name}
          </Anchor>
        )}
        <Badge color="gray" variant="light" size="sm">
          {EXCEPTION_WORDS[exception.kind]}
        </Badge>
      </Group>
      <Text c="dimmed">{exceptionWords(exception)}</Text>
      <Box>
        {resolution === null ? null : <Text>{capital(resolution)}</Text>}
        <Text size="xs" c="dimmed">
          {closedBy === null ? 'Closed' : `Closed by ${closedBy}`}
          {closedAt === null ? null : (
            <>
              {' '}
              <When at={closedAt} />
            </>
          )}
          , opened <When at={openedAt} />
        </Text>
      </Box>
    </li>
  );
}
