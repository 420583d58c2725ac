import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Team, User } from '../../contract/shapes.ts';
import { counted } from '../../core/number.ts';
import { errorWords } from '../client.ts';
import { Icon } from '../icon.tsx';
import { Card } from '../part/card.tsx';
import { Await, Empty } from '../part/state.tsx';
import { useCall, useChange } from '../query.ts';
import { useMay } from '../session.tsx';

type Member = Team['members'][number];
const NEW_TEAM: Team = { name: '', label: '', members: [] };

/** The teams that routing names, with who is in them and how much each gets. */
export function TeamsPart() {
  const teams = useCall('listTeams', {});
  const may = useMay();
  const [edited, setEdited] = useState<Team | null>(null);
  const canSave = may('saveTeam');
  return (
    <Card
      title="Teams"
      side={canSave ? <Button onClick={() => setEdited(NEW_TEAM)}>Make a team</Button> : null}
    >
      <Await query={teams}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon="contacts" title="No teams yet">
              The agreement's routing names teams. Make each of them here and put people in.
            </Empty>
          ) : (
            <Table aria-label="Teams">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Team</Table.Th>
                  <Table.Th>Members</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(team => (
                  <Table.Tr key={team.name}>
                    <Table.Td>
                      <Text fw={600}>{team.label}</Text>
                      <Text size="xs" c="dimmed">
                        {team.name}
                      </Text>
                    </Table.Td>
                    <Table.Td>{membersWords(team.members)}</Table.Td>
                    <Table.Td ta="right">
                      {canSave ? (
                        <Button size="compact-sm" variant="default" onClick={() => setEdited(team)}>
                          Change
                        </Button>
                      ) : null}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Await>
      {edited === null ? null : <EditTeam team={edited} onClose={() => setEdited(null)} />}
    </Card>
  );
}

function membersWords(members: readonly Member[]): string {
  if (members.length === 0) return 'Nobody yet: its leads wait unassigned';
  const isEven = members.every(({ weight }) => weight === members[0]?.weight);
  return members.map(({ name, weight }) => (isEven ? name : `${name} (weight ${weight})`)).join(', ');
}

function EditTeam({ team, onClose }: { readonly team: Team; readonly onClose: () => void }) {
  const users = useCall('listUsers', {});
  return (
    <Modal opened onClose={onClose} title={team.name === '' ? 'Make a team' : `Team ${team.label}`}>
      <Await query={users}>
        {({ items }) => <TeamForm team={team} people={items.filter(user => user.active)} onClose={onClose} />}
      </Await>
    </Modal>
  );
}

function TeamForm(props: {
  readonly team: Team;
  readonly people: readonly User[];
  readonly onClose: () => void;
}) {
  const { team, people, onClose } = props;
  const isNew = team.name === '';
  const [name, setName] = useState(team.name);
  const [label, setLabel] = useState(team.label);
  const [members, setMembers] = useState<readonly Member[]>(team.members);
  const saving = useChange('saveTeam', ['listTeams']);
  const others = people.filter(user => !members.some(member => member.userId === user.id));
  const isNameGood = /^[a-z][a-z0-9_]*$/.test(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isNameGood || label.trim() === '') return;
    const body = {
      label: label.trim(),
      members: members.map(({ userId, weight }) => ({ userId, weight })),
    };
    saving.mutate({ params: { name }, body }, { onSuccess: onClose });
  };
  const add = (userId: string | null) => {
    const user = people.find(({ id }) => id === userId);
    if (user !== undefined) setMembers([...members, { userId: user.id, name: user.name, weight: 1 }]);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {isNew ? (
          <TextInput
            label="Id"
            description="As the agreement's routing writes it, for example enterprise"
            value={name}
            error={name === '' || isNameGood ? null : 'Small letters, digits and _, starting with a letter'}
            required
            data-autofocus
            onChange={event => setName(event.currentTarget.value)}
          />
        ) : null}
        <TextInput
          label="Name"
          value={label}
          maxLength={100}
          required
          onChange={event => setLabel(event.currentTarget.value)}
        />
        <Stack gap="xs">
          <Text fw={600}>{counted(members.length, 'member')}</Text>
          {members.map(member => (
            <Group key={member.userId} gap="xs" wrap="nowrap">
              <Text style={{ flex: 1 }}>{member.name}</Text>
              <NumberInput
                size="xs"
                w={110}
                aria-label={`Weight of ${member.name}`}
                prefix="weight "
                min={0.1}
                max={100}
                value={member.weight}
                onChange={value => {
                  const weight = Number(value) || 1;
                  setMembers(members.map(other => (other === member ? { ...member, weight } : other)));
                }}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Take ${member.name} out`}
                onClick={() => setMembers(members.filter(other => other !== member))}
              >
                <Icon name="cross" size={15} />
              </ActionIcon>
            </Group>
          ))}
          <Select
            placeholder={others.length === 0 ? 'Everybody is in' : 'Add a person'}
            aria-label="Add a person"
            searchable
            disabled={others.length === 0}
            value={null}
            data={others.map(user => ({ value: user.id, label: user.name }))}
            onChange={add}
          />
          <Text size="xs" c="dimmed">
            Where routing goes by weight, a weight of 2 gets twice the leads of a weight of 1.
          </Text>
        </Stack>
        {saving.error === null ? null : <Alert color="brick">{errorWords(saving.error)}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={!isNameGood || label.trim() === ''}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
