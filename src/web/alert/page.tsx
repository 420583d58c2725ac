import { Anchor, Box, Button, Group, Tabs, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link, useSearchParams } from 'react-router';
import type { Alert } from '../../contract/api/alert.ts';
import { REJECTED_PAGE } from '../../core/alert/message.ts';
import { whole } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { useCall, useChange, usePages } from '../client/query.ts';
import { useMay, useUser } from '../client/session.tsx';
import { Card, PageHead } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { ScoreShift } from '../kit/mark.tsx';
import { More } from '../kit/more.tsx';
import { showFailure } from '../kit/notice.tsx';
import { Empty, Failed, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import css from './page.module.css';
import { alertKind, isAcceptable } from './words.ts';

const VIEWS = ['unread', 'all', 'team'] as const;
type View = (typeof VIEWS)[number];
const VIEW_WORDS: Readonly<Record<View, string>> = { unread: 'Unread', all: 'All mine', team: 'My team' };

/** Lists the alerts of the person signed in, and for managers those of their people. */
export function AlertsPage() {
  useDocumentTitle('Alerts · Baton');
  const [params, setParams] = useSearchParams();
  const { role } = useUser();
  const mine = useCall('listAlerts', { query: { limit: 30 } });
  const unread = mine.data?.unread;
  const shown = VIEWS.filter(view => view !== 'team' || role === 'manager' || role === 'admin');
  const asked = shown.find(known => known === params.get('show'));
  const view = asked ?? (unread === 0 ? 'all' : 'unread');
  const show = (next: string | null) => setParams({ show: next ?? 'unread' }, { replace: true });
  const reading = useChange('markAlertsRead');
  return (
    <>
      <PageHead
        title="Alerts"
        side={
          <Group gap="xs">
            <Button
              variant="default"
              disabled={unread === undefined || unread === 0}
              loading={reading.isPending}
              onClick={() => reading.mutate({ body: {} }, { onError: showFailure })}
            >
              Mark all as read
            </Button>
            <Button component={Link} to="/settings/notifications" variant="subtle">
              My notifications
            </Button>
          </Group>
        }
      />
      <Tabs value={view} onChange={show} mb="md">
        <Tabs.List>
          {shown.map(name => (
            <Tabs.Tab key={name} value={name}>
              {name === 'team' && role === 'admin' ? 'Everybody' : VIEW_WORDS[name]}{' '}
              {name === 'unread' && unread !== undefined ? (
                <Text component="span" c="dimmed">
                  {whole(unread)}
                </Text>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {mine.data === undefined && mine.error === null ? (
        <Loading />
      ) : (
        <Alerts key={view} view={view} onShowAll={() => show('all')} />
      )}
    </>
  );
}

function Alerts({ view, onShowAll }: { readonly view: View; readonly onShowAll: () => void }) {
  const pages = usePages({
    key: ['listAlerts', view],
    load: (cursor, signal) =>
      call(
        'listAlerts',
        {
          query: {
            cursor,
            ...(view === 'unread' ? { unread: 'true' } : view === 'team' ? { scope: 'team' } : {}),
          },
        },
        signal,
      ),
  });
  if (pages.error !== null && pages.items.length === 0)
    return <Failed error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.first === undefined) return <Loading />;
  if (pages.items.length === 0) return <NoAlerts view={view} onShowAll={onShowAll} />;
  return (
    <Card title={view === 'team' ? 'Alerts of my team' : 'My alerts'}>
      <ul className={css.list} aria-label="Alerts">
        {pages.items.map(alert => (
          <AlertItem key={alert.id} alert={alert} isOfTeam={view === 'team'} />
        ))}
      </ul>
      <More pages={pages} mt="md" mx="auto" display="block" />
    </Card>
  );
}

function NoAlerts({ view, onShowAll }: { readonly view: View; readonly onShowAll: () => void }) {
  if (view === 'unread')
    return (
      <Empty
        icon="check"
        title="You have read everything"
        action={
          <Button variant="default" onClick={onShowAll}>
            Show all alerts
          </Button>
        }
      />
    );
  return (
    <Empty icon="bell" title={view === 'team' ? 'Your team has no alerts yet' : 'No alerts yet'}>
      {view === 'team'
        ? 'Alerts of the people you lead appear here.'
        : 'The agreement says what you are alerted to. Alerts appear here at once.'}
    </Empty>
  );
}

function AlertItem({ alert, isOfTeam }: { readonly alert: Alert; readonly isOfTeam: boolean }) {
  const may = useMay();
  const reading = useChange('markAlertsRead');
  const { words, icon } = alertKind(alert.kind);
  const isUnread = !isOfTeam && alert.readAt === null;
  const read = () => {
    if (isUnread) reading.mutate({ body: { ids: [alert.id] } });
  };
  return (
    <li className={css.item} data-unread={isUnread}>
      <span className={css.icon} title={words}>
        <Icon name={icon} size={18} />
      </span>
      <Box style={{ minWidth: 0 }}>
        <Group justify="space-between" wrap="nowrap" gap="sm" align="baseline">
          <Text fw={isUnread ? 650 : 600}>{alert.label}</Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            <When at={alert.at} />
          </Text>
        </Group>
        <Text c="dimmed">{alert.text}</Text>
        {alert.score === undefined ? null : (
          <Box mt={4}>
            <ScoreShift then={alert.score.then} now={alert.score.now} />
          </Box>
        )}
        <Group gap="md" mt={4}>
          {alert.to === undefined ? null : (
            <Text size="xs" c="dimmed">
              To {alert.to.name}
              {alert.readAt === null ? ', not read yet' : ''}
            </Text>
          )}
          {alert.contactId === null ? null : (
            <Anchor component={Link} to={`/contacts/${alert.contactId}`} onClick={read}>
              Open the contact
            </Anchor>
          )}
          {!isOfTeam && isAcceptable(alert) && may('acceptEpisode') ? (
            <Anchor
              component={Link}
              to={`/contacts/${alert.contactId}?do=accept&episode=${alert.episodeId}`}
              onClick={read}
            >
              Accept the lead
            </Anchor>
          ) : null}
          {alert.kind === 'exception' || alert.kind === 'waiting' ? (
            <Anchor component={Link} to="/exceptions" onClick={read}>
              Open the exceptions
            </Anchor>
          ) : null}
          {alert.kind === 'rejected' ? (
            <Anchor component={Link} to={REJECTED_PAGE} onClick={read}>
              Open the rejected calls
            </Anchor>
          ) : null}
          {isUnread ? (
            <Anchor component="button" type="button" c="dimmed" onClick={read}>
              Mark as read
            </Anchor>
          ) : null}
        </Group>
      </Box>
    </li>
  );
}
