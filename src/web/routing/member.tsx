import { ActionIcon, Anchor, Badge, Button, Menu, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { TeamMember } from '../../contract/api/team.ts';
import { figure, percentWords, whole } from '../../core/text/number.ts';
import { useUser } from '../client/session.tsx';
import { useNow } from '../kit/clock.ts';
import { Icon } from '../kit/icon.tsx';
import { HoursDialog } from './hours.tsx';
import { Meter } from './meter.tsx';
import { usePause } from './pause.ts';
import css from './team.module.css';
import { isOverloaded, type Share, standingOf } from './teamwords.ts';
import { LeaveChip, LeaveDialog } from './timeoff.tsx';

/** The names of the columns, for wide screens. */
export function MemberHeads() {
  return (
    <div className={css.heads} aria-hidden="true">
      <span>Person</span>
      <span>Now</span>
      <span>Open leads</span>
      <span>Got in 30 days</span>
      <span />
    </div>
  );
}

/** One member of a team: whether they can be given a lead, what they have, what they got, and what may be changed. */
export function MemberRow(props: {
  readonly member: TeamMember;
  readonly share: Share | undefined;
  /** The most that any member of the team got, so that the bars compare. */
  readonly most: number;
  /** Whether weights differ within the team, so that they are worth naming. */
  readonly isWeighted: boolean;
  /** The open leads of the other members. */
  readonly others: readonly number[];
}) {
  const { member, share, most, isWeighted } = props;
  const me = useUser();
  const mayChange = member.active && member.changeRefused === null;
  return (
    <li className={css.row} aria-label={member.name}>
      <div className={css.name}>
        <Text fw={600} lineClamp={2}>
          {member.name}
          {member.userId === me.id ? ' (you)' : ''}
        </Text>
        <Text size="xs" c="dimmed">
          {isWeighted ? `Weight ${figure(member.weight)}` : null}
          {isWeighted && share !== undefined ? `, ${percentWords(share.share)} of the leads` : null}
        </Text>
      </div>
      <div className={css.now}>
        <Now member={member} />
      </div>
      <OpenLeads member={member} others={props.others} />
      <div className={css.got}>
        <span className={css.small}>Got in 30 days</span>
        <Got member={member} share={share} most={most} />
      </div>
      <div className={css.actions}>{mayChange ? <MemberActions member={member} /> : null}</div>
      <div className={css.off}>
        {member.timeOff.map(leave => (
          <LeaveChip key={leave.id} who={member} leave={leave} mayChange={mayChange} />
        ))}
      </div>
    </li>
  );
}

function Now({ member }: { readonly member: TeamMember }) {
  const now = useNow();
  const { words, color } = standingOf(member, now);
  return (
    <Badge
      color={color}
      variant="light"
      title={
        member.hasHours ? member.attendance.words : 'Without working hours a person counts as always at work'
      }
    >
      {words}
    </Badge>
  );
}

function OpenLeads({ member, others }: { readonly member: TeamMember; readonly others: readonly number[] }) {
  const { capacity, openLeads, overdue, userId } = member;
  const isHeavy = isOverloaded(openLeads, others);
  const isFull = capacity.open !== null && openLeads >= capacity.open;
  return (
    <div className={css.open}>
      <span className={css.small}>Open leads</span>
      {capacity.open === null ? (
        <Text
          size="sm"
          className="figure"
          fw={isHeavy ? 650 : 400}
          {...(isHeavy ? { c: 'var(--baton-soon)' } : {})}
          title="No limit is set"
        >
          {whole(openLeads)}
          {isHeavy ? ', far more than the others' : ''}
        </Text>
      ) : (
        <Meter
          value={openLeads}
          max={capacity.open}
          tone={isFull ? 'soon' : 'good'}
          words={`${whole(openLeads)} of ${whole(capacity.open)}`}
        />
      )}
      {overdue === 0 ? null : (
        <Anchor
          component={Link}
          to={`/contacts?owner=${userId}&stage=mql`}
          size="xs"
          c="var(--baton-bad)"
          underline="always"
          display="inline-block"
          lh="24px"
        >
          {whole(overdue)} overdue
        </Anchor>
      )}
    </div>
  );
}

function Got(props: {
  readonly member: TeamMember;
  readonly share: Share | undefined;
  readonly most: number;
}) {
  const { member, share, most } = props;
  const today = todayWords(member);
  if (share === undefined || most === 0)
    return (
      <>
        <Text className="figure">{whole(member.got30d)}</Text>
        <Today words={today} />
      </>
    );
  const even = figure(Math.round(share.fair * 10) / 10);
  return (
    <>
      <Meter
        value={share.got}
        max={most}
        mark={share.fair}
        words={`${whole(share.got)}, even would be ${even}`}
        title={`The mark is where the bar would end if all had been at work all the time: ${percentWords(share.share)} of what the team got.`}
      />
      <Today words={today} />
    </>
  );
}

function Today({ words }: { readonly words: string }) {
  if (words === '') return null;
  return (
    <Text size="xs" c="dimmed" className="figure">
      {words}
    </Text>
  );
}

function todayWords({ gotToday, capacity }: TeamMember): string {
  const today = gotToday === 0 ? '' : `${whole(gotToday)} today`;
  if (capacity.perDay === null) return today;
  return `${gotToday === 0 ? 'None today' : today}, takes ${figure(capacity.perDay)} a day`;
}

function MemberActions({ member }: { readonly member: TeamMember }) {
  const pausing = usePause();
  const [dialog, setDialog] = useState<'leave' | 'hours' | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={pausing.isBusy}
        aria-label={`${member.paused ? 'Resume' : 'Pause'} ${member.name}`}
        onClick={() => void pausing.pause(member, !member.paused)}
      >
        {member.paused ? 'Resume' : 'Pause'}
      </Button>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size={26} aria-label={`More about ${member.name}`}>
            <Icon name="more" size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="meeting" size={16} />} onClick={() => setDialog('leave')}>
            Add time off
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="clock" size={16} />} onClick={() => setDialog('hours')}>
            Working hours
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'leave' ? <LeaveDialog who={member} onClose={close} /> : null}
      {dialog === 'hours' ? <HoursDialog who={member} onClose={close} /> : null}
    </>
  );
}
