import {
  ActionIcon,
  Anchor,
  Group,
  Menu,
  Text,
  TextInput,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { type FormEvent, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useSignOut } from '../client/query.ts';
import { useUser } from '../client/session.tsx';
import { Icon, Mark } from '../kit/icon.tsx';
import { Bell } from './bell.tsx';

/** The top of every page: the product, the search, the alerts, the colours and the person signed in. */
export function Header() {
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
      <Anchor component={Link} to="/queue" underline="never" c="inherit">
        <Group gap={8} wrap="nowrap">
          <Mark />
          <Text fw={700} size="lg" lts={-0.2}>
            Baton
          </Text>
        </Group>
      </Anchor>
      <Search />
      <Group gap={4} wrap="nowrap">
        <Bell />
        <SchemeToggle />
        <UserMenu />
      </Group>
    </Group>
  );
}

function Search() {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => input.current?.focus()]]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void navigate(`/contacts?${new URLSearchParams({ q: text.trim() })}`);
    setText('');
    input.current?.blur();
  };
  return (
    <form onSubmit={submit} style={{ flex: '1 1 auto', maxWidth: 420 }}>
      <TextInput
        ref={input}
        type="search"
        size="sm"
        placeholder="Search contacts"
        aria-label="Search contacts"
        leftSection={<Icon name="search" size={16} />}
        value={text}
        maxLength={200}
        onChange={event => setText(event.currentTarget.value)}
      />
    </form>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const words = isDark ? 'Use light colours' : 'Use dark colours';
  return (
    <Tooltip label={words}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={words}
        visibleFrom="xs"
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        <Icon name={isDark ? 'sun' : 'moon'} size={20} />
      </ActionIcon>
    </Tooltip>
  );
}

const ROLE_WORDS = {
  admin: 'Admin',
  marketing: 'Marketing',
  manager: 'Sales manager',
  rep: 'Sales rep',
} as const;

function UserMenu() {
  const user = useUser();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={230} shadow="md">
      <Menu.Target>
        <ActionIcon
          variant="light"
          size="lg"
          radius="xl"
          aria-label={`${initials(user.name)}: signed in as ${user.name}`}
        >
          <Text component="span" size="xs" fw={700} c="inherit">
            {initials(user.name)}
          </Text>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} c="var(--mantine-color-text)">
            {user.name}
          </Text>
          <Text size="xs" c="dimmed">
            {user.email}
          </Text>
          <Text size="xs" c="dimmed">
            {ROLE_WORDS[user.role]}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/settings/work">
          My working time
        </Menu.Item>
        <Menu.Item component={Link} to="/settings/notifications">
          My notifications
        </Menu.Item>
        <Menu.Item component={Link} to="/settings/password">
          Change password
        </Menu.Item>
        <Menu.Item onClick={() => setColorScheme(isDark ? 'light' : 'dark')}>
          {isDark ? 'Use light colours' : 'Use dark colours'}
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs">
          API description
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The first letters of the first and last word of a name. @example initials('Ana de la Cruz') // 'AC' */
function initials(name: string): string {
  const words = name.split(/\s+/).filter(word => word !== '');
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map(word => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
