import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from 'react-router';
import { Empty } from './state.tsx';

/** Says that an address leads nowhere. */
export function MissingPage() {
  useDocumentTitle('Not found · Baton');
  return (
    <Empty
      isPage
      icon="search"
      title="This page does not exist"
      action={
        <Button component={Link} to="/queue">
          Go to the queue
        </Button>
      }
    >
      The address may be mistyped, or the page may have been removed.
    </Empty>
  );
}
