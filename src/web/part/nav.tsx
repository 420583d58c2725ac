import { NavLink as MantineLink, UnstyledButton } from '@mantine/core';
import { NavLink, useLocation } from 'react-router';
import { Icon, type IconName } from '../icon.tsx';
import css from './nav.module.css';

interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
}

const PLACES: readonly Place[] = [
  { to: '/queue', label: 'Queue', icon: 'queue' },
  { to: '/contacts', label: 'Contacts', icon: 'contacts' },
  { to: '/report', label: 'Report', icon: 'report' },
  { to: '/agreement', label: 'Agreement', icon: 'agreement' },
  { to: '/settings', label: 'Settings', icon: 'settings' },
];

/** The pages, one under the other, on the left of a wide screen. */
export function SideNav() {
  const { pathname } = useLocation();
  return PLACES.map(({ to, label, icon }) => (
    <MantineLink
      key={to}
      component={NavLink}
      to={to}
      label={label}
      leftSection={<Icon name={icon} />}
      active={pathname.startsWith(to)}
      className={css.side ?? ''}
    />
  ));
}

/** The pages side by side at the bottom of a phone. */
export function BottomNav() {
  return (
    <div className={css.bottom}>
      {PLACES.map(({ to, label, icon }) => (
        <UnstyledButton key={to} component={NavLink} to={to} className={css.place}>
          <Icon name={icon} size={20} />
          {label}
        </UnstyledButton>
      ))}
    </div>
  );
}
