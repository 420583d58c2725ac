import { Badge, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Availability } from '../../contract/api/team.ts';
import { counted } from '../../core/text/number.ts';
import { useCall } from '../client/query.ts';
import { useNow } from '../kit/clock.ts';
import { Await } from '../kit/state.tsx';
import { weekWords } from '../words/hours.ts';
import { HoursDialog } from './hours.tsx';
import { usePause } from './pause.ts';
import css from './team.module.css';
import { standingOf } from './teamwords.ts';
import { LeaveChip, LeaveDialog, zoneName } from './timeoff.tsx';

/** When somebody works, is off or takes no leads, and what changes that; also for who is in no team. */
export function WorkingTime({ userId }: { readonly userId: string }) {
  const availability = useCall('getAvailability', { params: { id: userId } });
  return <Await query={availability}>{of => <Working of={of} />}</Await>;
}

/** The same in a dialog. */
export function WorkDialog(props: {
  readonly userId: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  return (
    <Modal opened onClose={props.onClose} title={`Working time of ${props.name}`}>
      <WorkingTime userId={props.userId} />
    </Modal>
  );
}

function Working({ of }: { readonly of: Availability }) {
  const now = useNow();
  const pausing = usePause();
  const [dialog, setDialog] = useState<'leave' | 'hours' | null>(null);
  const mayChange = of.changeRefused === null;
  const { words, color } = standingOf(
    { attendance: of.attendance, openLeads: 0, hasHours: of.hours !== null, capacity: { open: null } },
    now,
  );
  const close = () => setDialog(null);
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Badge color={color} variant="light">
          {words}
        </Badge>
        {mayChange ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={pausing.isBusy}
            onClick={() => void pausing.pause(of, !of.paused)}
          >
            {of.paused ? 'Resume' : 'Pause'}
          </Button>
        ) : null}
        <Text size="xs" c="dimmed">
          {of.changeRefused !== null
            ? of.changeRefused
            : of.paused
              ? 'Gets no new leads until resumed'
              : 'A pause stops new leads until further notice'}
        </Text>
      </Group>
      <Part title="Working hours" verb="Change" onOpen={mayChange ? () => setDialog('hours') : null}>
        <Text>
          {of.hours === null ? 'Always at work' : weekWords(of.hours)}
          <Text component="span" c="dimmed">
            {`, ${zoneName(of.timezone)} time`}
            {of.holidays.length === 0 ? '' : `, ${counted(of.holidays.length, 'holiday')}`}
            {of.open.length === 0 ? '' : `, ${counted(of.open.length, 'day')} with other hours`}
          </Text>
        </Text>
      </Part>
      <Part title="Time off" verb="Add" onOpen={mayChange ? () => setDialog('leave') : null}>
        {of.timeOff.length === 0 ? (
          <Text c="dimmed">None planned</Text>
        ) : (
          <div className={css.chips}>
            {of.timeOff.map(leave => (
              <LeaveChip key={leave.id} who={of} leave={leave} mayChange={mayChange} />
            ))}
          </div>
        )}
      </Part>
      {dialog === 'leave' ? <LeaveDialog who={of} onClose={close} /> : null}
      {dialog === 'hours' ? <HoursDialog who={of} onClose={close} /> : null}
    </Stack>
  );
}

function Part(props: {
  readonly title: string;
  readonly verb: string;
  readonly onOpen: (() => void) | null;
  readonly children: ReactNode;
}) {
  const { title, verb, onOpen, children } = props;
  return (
    <section>
      <Group gap="xs" mb={4}>
        <Text fw={600}>{title}</Text>
        {onOpen === null ? null : (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`${verb} ${title.toLowerCase()}`}
            onClick={onOpen}
          >
            {verb}
          </Button>
        )}
      </Group>
      {children}
    </section>
  );
}
