import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from 'react-router';
import type { EndpointName } from '../../contract/api.ts';
import { whoMay } from '../words/role.ts';
import { Empty } from './state.tsx';

const BACK = (
  <Button component={Link} to="/queue">
    Go to the queue
  </Button>
);

/** Says who sees what the person signed in does not, `what` in the plural; `needs` is the call they may not make. */
export function Denied({ what, needs }: { readonly what: string; readonly needs: EndpointName }) {
  return (
    <Empty isPage icon="agreement" title={`Only ${whoMay(needs)} see ${what}`} action={BACK}>
      Your role does not include this. An admin can change it under Settings, People.
    </Empty>
  );
}

/** Says that an address leads nowhere. */
export function MissingPage() {
  useDocumentTitle('Not found · Baton');
  return (
    <Empty isPage icon="search" title="This page does not exist" action={BACK}>
      The address may be mistyped, or the page may have been removed.
    </Empty>
  );
}
