import { Button, ScrollArea, Tabs } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import type { EndpointName } from '../../contract/api.ts';
import { uncapital } from '../../core/condition/words.ts';
import { PreferencesPart } from '../alert/preferences.tsx';
import { useMay } from '../client/session.tsx';
import { WebhooksPart } from '../delivery/webhooks.tsx';
import { PageHead } from '../kit/card.tsx';
import { Denied, MissingPage } from '../kit/denied.tsx';
import { IntakePart } from './intake.tsx';
import { KeysPart } from './keys.tsx';
import { PasswordPart } from './password.tsx';
import { PermissionsPart } from './permissions.tsx';
import { UsersPart } from './users.tsx';
import { WorkPart } from './work.tsx';

interface Part {
  readonly id: string;
  readonly label: string;
  /** The call without which the part is of no use; who may not make it does not see the part. */
  readonly needs: EndpointName;
  readonly element: ReactNode;
}

const PARTS: readonly Part[] = [
  { id: 'users', label: 'People', needs: 'listUsers', element: <UsersPart /> },
  { id: 'keys', label: 'Keys', needs: 'listKeys', element: <KeysPart /> },
  { id: 'permissions', label: 'Permissions', needs: 'savePermissions', element: <PermissionsPart /> },
  { id: 'intake', label: 'Incoming calls', needs: 'getIntake', element: <IntakePart /> },
  { id: 'webhooks', label: 'Webhooks', needs: 'listWebhooks', element: <WebhooksPart /> },
  { id: 'work', label: 'My working time', needs: 'getAvailability', element: <WorkPart /> },
  { id: 'notifications', label: 'My notifications', needs: 'getPreference', element: <PreferencesPart /> },
  { id: 'password', label: 'Your password', needs: 'changePassword', element: <PasswordPart /> },
];

/** Where parts went that have become pages of their own. */
const MOVED: Readonly<Record<string, string>> = {
  teams: '/team',
  deliveries: '/deliveries',
  rejected: '/exceptions?show=rejected',
};

/** People, keys, webhooks, and what is one's own; each part for the roles it is for. */
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
  const current = PARTS.find(({ id }) => id === part);
  const moved = MOVED[part];
  if (moved !== undefined) return <Navigate to={moved} replace />;
  if (current === undefined) return <MissingPage />;
  return (
    <>
      <PageHead
        title="Settings"
        side={
          may('getFirstSteps') ? (
            <Button component={Link} to="/start" variant="default">
              First steps
            </Button>
          ) : null
        }
      />
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
      {may(current.needs) ? (
        current.element
      ) : (
        <Denied what={uncapital(current.label)} needs={current.needs} />
      )}
    </>
  );
}
