import { ScrollArea, Tabs } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { EndpointName } from '../../contract/api.ts';
import { PageHead } from '../part/card.tsx';
import { useMay } from '../session.tsx';
import { DeliveriesPart } from '../settings/deliveries.tsx';
import { KeysPart } from '../settings/keys.tsx';
import { PasswordPart } from '../settings/password.tsx';
import { RejectedPart } from '../settings/rejected.tsx';
import { TeamsPart } from '../settings/teams.tsx';
import { UsersPart } from '../settings/users.tsx';
import { MissingPage } from './missing.tsx';

interface Part {
  readonly id: string;
  readonly label: string;
  /** The call without which the part is of no use; who may not make it does not see the part. */
  readonly needs: EndpointName;
  readonly element: ReactNode;
}

const PARTS: readonly Part[] = [
  { id: 'users', label: 'People', needs: 'listUsers', element: <UsersPart /> },
  { id: 'teams', label: 'Teams', needs: 'listTeams', element: <TeamsPart /> },
  { id: 'keys', label: 'Keys', needs: 'listKeys', element: <KeysPart /> },
  { id: 'rejected', label: 'Rejected calls', needs: 'listRejected', element: <RejectedPart /> },
  { id: 'deliveries', label: 'Deliveries', needs: 'listDeliveries', element: <DeliveriesPart /> },
  { id: 'password', label: 'Your password', needs: 'changePassword', element: <PasswordPart /> },
];

/** People, teams, keys, and what could not be taken in or sent out; each part for the roles it is for. */
export function SettingsPage() {
  useDocumentTitle('Settings · Baton');
  const { part = 'users' } = useParams();
  const navigate = useNavigate();
  const may = useMay();
  const tabs = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone the tabs run off the screen; the one that is open is shown.
    tabs.current
      ?.querySelector(`[data-part="${part}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [part]);
  const shown = PARTS.filter(({ needs }) => may(needs));
  const current = shown.find(({ id }) => id === part);
  if (current === undefined) return <MissingPage />;
  return (
    <>
      <PageHead title="Settings" />
      <Tabs value={part} onChange={next => void navigate(`/settings/${next ?? 'users'}`)} mb="md">
        <ScrollArea type="never">
          <Tabs.List ref={tabs} style={{ flexWrap: 'nowrap' }}>
            {shown.map(({ id, label }) => (
              <Tabs.Tab key={id} value={id} data-part={id} style={{ whiteSpace: 'nowrap' }}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </ScrollArea>
      </Tabs>
      {current.element}
    </>
  );
}
