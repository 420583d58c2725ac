import { Anchor, Button, Text } from '@mantine/core';
import { Link } from 'react-router';
import { counted } from '../../core/text/number.ts';
import { useCall } from '../client/query.ts';
import { useMay } from '../client/session.tsx';

/** Leads an admin whose list is empty to the first steps; other people see nothing. */
export function FirstStepsButton() {
  const may = useMay();
  return may('getFirstSteps') ? (
    <Button component={Link} to="/start">
      Show the first steps
    </Button>
  ) : null;
}

/** Says that leads would wait, since teams that the agreement names do not exist; nothing where all do. */
export function MissingTeams() {
  const may = useMay();
  const teams = useCall('listTeams', {});
  const count = teams.data?.unknownTeams.length ?? 0;
  if (count === 0) return null;
  return (
    <Text component="span" display="block" c="var(--baton-soon)" mt="xs">
      The agreement gives leads to {counted(count, 'team')} that {count === 1 ? 'does' : 'do'} not exist yet;
      their leads would wait.{' '}
      {may('saveTeam') ? (
        <Anchor component={Link} to="/team" underline="always">
          Make {count === 1 ? 'it' : 'them'}
        </Anchor>
      ) : null}
    </Text>
  );
}
