import { Anchor, Box, Button, CloseButton, Group, Menu, Progress, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import { type Demo, lookAs } from '../client/demo.ts';
import { useMay, useUser } from '../client/session.tsx';
import { Icon } from '../kit/icon.tsx';
import css from './banner.module.css';

/** Says that a demo's people are made up and how far its history has loaded, and shows the demo through other eyes. */
export function DemoBanner({ demo: { loaded, total, people } }: { readonly demo: Demo }) {
  const isLoading = loaded < total;
  const share = total === 0 ? 100 : Math.floor((loaded / total) * 100);
  return (
    <Box className={css.demo} role="note">
      <Text size="xs" fw={600} component="span">
        Demo data: generated, not real people
      </Text>
      <LookAs people={people} />
      {isLoading ? (
        <Group gap="xs" wrap="nowrap" role="status">
          <Text size="xs" component="span">
            Loading its history: {share}%
          </Text>
          <Progress value={share} w={120} size="sm" color="amber.7" aria-label="History loaded" />
        </Group>
      ) : null}
    </Box>
  );
}

/** What a visitor of the demo asks first, answered above the queue until it was read. */
export function DemoGuide() {
  const { role } = useUser();
  const may = useMay();
  const [isRead, setRead] = useLocalStorage({ key: 'baton demo guide', defaultValue: false });
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  if (isRead || pathname !== '/queue') return null;
  return (
    <section className={css.guide} aria-label="How this works" data-open={isOpen}>
      <Button
        size="compact-sm"
        variant="subtle"
        className={css.fold ?? ''}
        aria-expanded={isOpen}
        onClick={() => setOpen(open => !open)}
        rightSection={<Icon name="down" size={12} />}
      >
        How this works
      </Button>
      <ul>
        <li>
          {role === 'marketing' ? 'Sales begins' : 'Begin'} with the top lead: what is due first stands first.
          Accept it, or reject it with a reason; the reason says whether it rests, goes to another team or
          ends. U takes back.
        </li>
        <li>
          Everybody sees every lead; the owner, a manager or an admin decides. “Look as” shows it through
          other eyes.
        </li>
        <li>
          Leads come from the website, the product and files, and are scored and given out by the{' '}
          <Anchor component={Link} to="/agreement" size="xs" underline="always">
            agreement
          </Anchor>{' '}
          of marketing and sales.{' '}
          {may('saveFirstSteps') ? (
            <Anchor component={Link} to="/start" size="xs" underline="always">
              Connect your own website
            </Anchor>
          ) : null}
        </li>
      </ul>
      <CloseButton size="sm" ml="auto" aria-label="Close: how this works" onClick={() => setRead(true)} />
    </section>
  );
}

const EYES = { admin: 'admin', marketing: 'marketing', manager: 'manager', rep: 'rep' } as const;

function LookAs({ people }: Pick<Demo, 'people'>) {
  const user = useUser();
  const [state, setState] = useState<'ready' | 'switching' | 'failed'>('ready');
  const become = async (id: string) => {
    setState('switching');
    if (!(await lookAs(id))) setState('failed');
  };
  return (
    <Menu position="bottom" shadow="md" width={240}>
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="default"
          className={css.look}
          loading={state === 'switching'}
          rightSection={<Icon name="down" size={12} />}
        >
          {state === 'failed' ? 'That failed. ' : ''}Look as: {user.name}, {EYES[user.role]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Baton as others see it</Menu.Label>
        {people.map(({ id, name, role }) => (
          <Menu.Item
            key={id}
            className={css.person}
            aria-current={id === user.id}
            disabled={id === user.id}
            onClick={() => void become(id)}
          >
            {name}, {EYES[role]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Says that news from the server do not arrive, while the stream reconnects by itself. */
export function LostBanner() {
  return (
    <Box className={css.lost} role="status">
      <Icon name="warning" size={14} />
      <Text size="xs" fw={600} component="span">
        Connection lost: what you see may be old. Trying again by itself.
      </Text>
    </Box>
  );
}
