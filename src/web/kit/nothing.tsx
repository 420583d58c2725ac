import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { Exception } from '../../contract/api/exception.ts';
import type { EndpointName } from '../../contract/api.ts';
import { useMay } from '../client/session.tsx';
import { Empty } from './state.tsx';

/** Says that nothing of a kind waits, and what would. */
export function NoExceptions({
  kind,
  isMine,
}: {
  readonly kind: Exception['kind'];
  readonly isMine: boolean;
}) {
  const may = useMay();
  const { title, children, link } = WORDS[kind];
  const action =
    link === undefined || !may(link.needs) ? undefined : (
      <Button component={Link} to={link.to} variant="default">
        {link.words}
      </Button>
    );
  return (
    <Empty icon="check" title={isMine ? `${title} for you to settle` : title} action={action}>
      {children}
    </Empty>
  );
}

const WORDS: Readonly<
  Record<
    Exception['kind'],
    {
      readonly title: string;
      readonly children: string;
      readonly link?: { readonly to: string; readonly words: string; readonly needs: EndpointName };
    }
  >
> = {
  unassigned: {
    title: 'No lead waits for an owner',
    children:
      'A lead that nobody can take, because everybody is away or full, waits here with the reason until somebody has it.',
    link: { to: '/team', words: 'See who is at work', needs: 'listTeams' },
  },
  missing_data: {
    title: 'No lead lacks data',
    children:
      'A lead that lacks a value routing needs, such as the country or an e-mail address, waits here to be filled in.',
  },
  duplicate: {
    title: 'No two contacts look like the same person',
    children:
      'Contacts with nearly the same address, the same phone, or the same name and company show up here, before two people call them.',
  },
  delivery: {
    title: 'Every message arrives',
    children: 'A mail server, Slack channel or webhook that refuses messages shows up here.',
    link: { to: '/deliveries', words: 'Show the deliveries', needs: 'listDeliveries' },
  },
  breach: {
    title: 'No lead is lost',
    children:
      'Baton checks all the time that every lead is owned, waits with a reason, or is closed. Any other lead would show up here.',
  },
};
