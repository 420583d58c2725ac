import {
  ActionIcon,
  Box,
  Button,
  Group,
  Indicator,
  Popover,
  ScrollArea,
  Stack,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Alert } from '../../contract/api/alert.ts';
import { REJECTED_PAGE } from '../../core/alert/message.ts';
import { useCall, useChange } from '../client/query.ts';
import { Icon } from '../kit/icon.tsx';
import { Await, Empty, Loading } from '../kit/state.tsx';
import { When } from '../kit/when.tsx';
import css from './bell.module.css';

/** The alerts of the person signed in, with how many are unread. */
export function Bell() {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const alerts = useCall('listAlerts', { query: { limit: 30 } });
  const reading = useChange('markAlertsRead');
  const unread = alerts.data?.unread ?? 0;
  const open = (alert: Alert) => {
    setOpen(false);
    if (alert.readAt === null) reading.mutate({ body: { ids: [alert.id] } });
    const page = alert.kind === 'rejected' ? REJECTED_PAGE : '/alerts';
    void navigate(alert.contactId === null ? page : `/contacts/${alert.contactId}`);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" width={380} shadow="md" trapFocus>
      <Indicator
        label={unread > 99 ? '99+' : unread}
        size={17}
        offset={5}
        disabled={unread === 0}
        color="brick"
      >
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={unread === 0 ? 'Alerts' : `Alerts, ${unread} unread`}
            onClick={() => setOpen(opened => !opened)}
          >
            <Icon name="bell" size={20} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} maw="calc(100vw - 16px)">
        <Group justify="space-between" p="sm">
          <Text fw={650}>Alerts</Text>
          <Button
            size="compact-xs"
            variant="subtle"
            disabled={unread === 0}
            loading={reading.isPending}
            onClick={() => reading.mutate({ body: {} })}
          >
            Mark all as read
          </Button>
        </Group>
        <ScrollArea.Autosize mah={420}>
          <Box px="xs" pb="xs">
            <Await query={alerts} loading={<Loading rows={3} />}>
              {({ items }) => <AlertRows alerts={items} onOpen={open} />}
            </Await>
          </Box>
        </ScrollArea.Autosize>
        <Foot onLeave={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function AlertRows(props: { readonly alerts: readonly Alert[]; readonly onOpen: (alert: Alert) => void }) {
  const { alerts, onOpen } = props;
  if (alerts.length === 0)
    return (
      <Empty icon="bell" title="No alerts yet">
        The agreement says what you are alerted to. Alerts appear here at once.
      </Empty>
    );
  return (
    <Stack gap={2}>
      {alerts.map(alert => (
        <AlertRow key={alert.id} alert={alert} onOpen={() => onOpen(alert)} />
      ))}
    </Stack>
  );
}

/** Links to all alerts, and to the notification settings. */
function Foot({ onLeave }: { readonly onLeave: () => void }) {
  return (
    <Group justify="space-between" p="xs" className={css.foot}>
      <Button size="compact-xs" variant="subtle" component={Link} to="/alerts" onClick={onLeave}>
        All alerts
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        component={Link}
        to="/settings/notifications"
        onClick={onLeave}
      >
        My notifications
      </Button>
    </Group>
  );
}

function AlertRow({ alert, onOpen }: { readonly alert: Alert; readonly onOpen: () => void }) {
  return (
    <UnstyledButton className={css.alert} data-unread={alert.readAt === null} onClick={onOpen}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text fw={600} lineClamp={1}>
          {alert.label}
        </Text>
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          <When at={alert.at} />
        </Text>
      </Group>
      <Text c="dimmed" lineClamp={2}>
        {alert.text}
      </Text>
    </UnstyledButton>
  );
}
