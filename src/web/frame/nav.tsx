import { Badge, NavLink as MantineLink, Menu, UnstyledButton } from '@mantine/core';
import { Link, NavLink, useLocation } from 'react-router';
import type { EndpointName } from '../../contract/api.ts';
import type { Role } from '../../contract/role.ts';
import { EXCEPTION_KINDS } from '../../core/exception/exception.ts';
import { whole } from '../../core/text/number.ts';
import { useCall } from '../client/query.ts';
import { useMay, useUser } from '../client/session.tsx';
import { Icon, type IconName } from '../kit/icon.tsx';
import css from './nav.module.css';

interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  /** The call without which the page is of no use; who may not make it does not see the page. */
  readonly needs?: EndpointName;
  /** Whether it is behind "More" on a phone, however much room there is. */
  readonly isRare?: true;
  /** The role that works on it most; for others it is behind "More" on a phone. */
  readonly isFirstFor?: Role;
}

const PLACES: readonly Place[] = [
  { to: '/today', label: 'My day', icon: 'today', needs: 'addActivity', isFirstFor: 'rep' },
  { to: '/queue', label: 'Queue', icon: 'queue' },
  { to: '/board', label: 'Board', icon: 'board', needs: 'getBoard', isRare: true },
  { to: '/exceptions', label: 'Exceptions', icon: 'warning' },
  { to: '/contacts', label: 'Contacts', icon: 'contacts' },
  { to: '/nurture', label: 'Nurture', icon: 'nurture', needs: 'listNurture', isFirstFor: 'marketing' },
  { to: '/import', label: 'Import', icon: 'upload', needs: 'listImports', isRare: true },
  { to: '/team', label: 'Team', icon: 'team' },
  { to: '/report', label: 'Report', icon: 'report' },
  { to: '/reviews', label: 'Reviews', icon: 'note', isRare: true },
  { to: '/agreement', label: 'Agreement', icon: 'agreement' },
  { to: '/deliveries', label: 'Deliveries', icon: 'send', needs: 'listDeliveries' },
  { to: '/settings', label: 'Settings', icon: 'settings' },
];

/** How many pages stand side by side on a phone; the others are behind "More". */
const SIDE_BY_SIDE = 4;

function usePlaces(): readonly Place[] {
  const may = useMay();
  return PLACES.filter(({ needs }) => needs === undefined || may(needs));
}

/** The pages, one under the other, on the left of a wide screen. */
export function SideNav() {
  const { pathname } = useLocation();
  return usePlaces().map(({ to, label, icon }) => (
    <MantineLink
      key={to}
      component={NavLink}
      to={to}
      label={label}
      leftSection={<Icon name={icon} />}
      rightSection={to === '/exceptions' ? <WaitingCount /> : null}
      active={pathname.startsWith(to)}
      className={css.side ?? ''}
    />
  ));
}

/** The pages worked on most side by side at the bottom of a phone, the others in a menu. */
export function BottomNav() {
  const places = usePlaces();
  const { role } = useUser();
  const first = places
    .filter(({ isRare, isFirstFor }) => isRare !== true && (isFirstFor ?? role) === role)
    .slice(0, SIDE_BY_SIDE);
  return (
    <div className={css.bottom}>
      {first.map(({ to, label, icon }) => (
        <UnstyledButton key={to} component={NavLink} to={to} className={css.place}>
          <Icon name={icon} size={20} />
          {label}
          {to === '/exceptions' ? (
            <span className={css.count}>
              <WaitingCount />
            </span>
          ) : null}
        </UnstyledButton>
      ))}
      <More places={places.filter(place => !first.includes(place))} />
    </div>
  );
}

function More({ places }: { readonly places: readonly Place[] }) {
  const { pathname } = useLocation();
  const isHere = places.some(({ to }) => pathname.startsWith(to));
  return (
    <Menu position="top-end" shadow="md" width={200}>
      <Menu.Target>
        <UnstyledButton className={css.place} aria-current={isHere ? 'page' : undefined}>
          <Icon name="more" size={20} />
          More
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {places.map(({ to, label, icon }) => (
          <Menu.Item key={to} component={Link} to={to} leftSection={<Icon name={icon} size={18} />}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** How many exceptions are open, red when one of them is overdue. */
function WaitingCount() {
  const counts = useCall('listExceptions', { query: { limit: 1 } }).data?.counts;
  if (counts === undefined) return null;
  const open = EXCEPTION_KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  if (open === 0) return null;
  return (
    <Badge size="sm" circle={open < 10} color={counts.overdue > 0 ? 'brick' : 'gray'} variant="light">
      {whole(open)}
    </Badge>
  );
}
