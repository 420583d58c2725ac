import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { TeamView } from '../../contract/api/team.ts';
import { teamName } from '../../core/text/name.ts';
import { counted } from '../../core/text/number.ts';
import { type CallOutput, errorWords } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { TeamDialog } from '../routing/form.tsx';
import css from './steps.module.css';
import { makeWords } from './stepwords.ts';

/** Makes each team that the agreement names with one click, and puts people in. */
export function TeamStep({
  teams,
}: {
  readonly teams: Pick<CallOutput<'listTeams'>, 'items' | 'unknownTeams'>;
}) {
  const { items, unknownTeams } = teams;
  const saving = useChange('saveTeam');
  const [filled, setFilled] = useState<TeamView | null>(null);
  const make = (name: string) =>
    saving.mutate({ params: { name }, body: { label: teamName(name), members: [] } });
  return (
    <Stack gap="md">
      {unknownTeams.length === 0 ? null : (
        <>
          <Text>The agreement names them, so their leads wait among the exceptions until they exist:</Text>
          <Group gap="xs">
            {unknownTeams.map(name => (
              <Button
                key={name}
                size="xs"
                loading={saving.isPending && saving.variables.params.name === name}
                onClick={() => make(name)}
              >
                {makeWords(name)}
              </Button>
            ))}
          </Group>
        </>
      )}
      {saving.error === null ? null : <Alert color="brick">{errorWords(saving.error)}</Alert>}
      {items.length === 0 ? null : (
        <ul className={css.teams} aria-label="Teams">
          {items.map(team => (
            <li key={team.name} className={css.team}>
              <Text fw={600}>{team.label}</Text>
              <Text c={team.members.length === 0 ? 'var(--baton-soon)' : 'dimmed'}>
                {team.members.length === 0
                  ? 'Nobody is in it yet'
                  : counted(team.members.length, 'person', 'people')}
              </Text>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Put people into ${team.label}`}
                onClick={() => setFilled(team)}
              >
                {team.members.length === 0 ? 'Put people in' : 'Change'}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Text c="dimmed">
        Weights, limits and working hours are on the{' '}
        <Anchor component={Link} to="/team" underline="always">
          Team page
        </Anchor>
        .
      </Text>
      {filled === null ? null : <TeamDialog team={filled} onClose={() => setFilled(null)} />}
    </Stack>
  );
}
