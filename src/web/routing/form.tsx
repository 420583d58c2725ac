import { Alert, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Colleague } from '../../contract/api/session.ts';
import { mayWork } from '../../contract/role.ts';
import { errorWords, problemAt } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { Confirm } from '../kit/confirm.tsx';
import { showDone } from '../kit/notice.tsx';
import { Await } from '../kit/state.tsx';
import { draftOf, type Given, isComplete, type MemberDraft, MemberFields, saved } from './memberfields.tsx';

/** A team as the form starts with it; what is left out is empty. */
interface Draft {
  readonly name: string;
  readonly label: string;
  readonly manager?: { readonly id: string } | null;
  readonly slackChannel?: string | null;
  readonly members?: readonly Given[];
}

/** A team that is yet to be made. */
export const NEW_TEAM: Draft = { name: '', label: '' };

/** Makes a team, changes one, or takes it away. */
export function TeamDialog(props: {
  readonly team: Draft;
  readonly isNew?: boolean;
  /** Whether the name is given by the agreement already. */
  readonly isNamed?: boolean;
  readonly onClose: () => void;
}) {
  const { team, isNew = false, isNamed = false, onClose } = props;
  const users = useCall('listUsers', {});
  const teams = useCall('listTeams', {});
  return (
    <Modal opened onClose={onClose} title={isNew ? 'Make a team' : `Team ${team.label}`} size="lg">
      <Await query={users}>
        {({ items }) => (
          <TeamForm
            team={team}
            isNew={isNew}
            isNamed={isNamed}
            people={items.filter(user => user.active && mayWork(user.role))}
            taken={isNew ? teams.data?.items.map(other => other.name) : []}
            onClose={onClose}
          />
        )}
      </Await>
    </Modal>
  );
}

function TeamForm(props: {
  readonly team: Draft;
  readonly isNew: boolean;
  readonly isNamed: boolean;
  readonly people: readonly Colleague[];
  /** Ids that a new team cannot have, as saving would change the team that has one; undefined until they are known. */
  readonly taken: readonly string[] | undefined;
  readonly onClose: () => void;
}) {
  const { team, isNew, isNamed, people, taken, onClose } = props;
  const [name, setName] = useState(team.name);
  const [label, setLabel] = useState(team.label);
  const [managerId, setManagerId] = useState(team.manager?.id ?? null);
  const [channel, setChannel] = useState(team.slackChannel ?? '');
  const [members, setMembers] = useState<readonly MemberDraft[]>(() => (team.members ?? []).map(draftOf));
  const [isDeleting, setDeleting] = useState(false);
  const saving = useChange('saveTeam');
  const isNameGood = /^[a-z][a-z0-9_]*$/.test(name);
  const isTaken = taken?.includes(name) === true && !saving.isPending && !saving.isSuccess;
  const canSave =
    isNameGood && taken !== undefined && !isTaken && label.trim() !== '' && members.every(isComplete);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!canSave) return;
    const slackChannel = channel.trim() === '' ? null : channel.trim();
    const body = { label: label.trim(), managerId, slackChannel, members: members.map(saved) };
    saving.mutate(
      { params: { name }, body },
      {
        onSuccess: () => {
          showDone(`The team ${label.trim()} is saved.`);
          onClose();
        },
      },
    );
  };
  const leads = people.filter(({ role }) => role === 'manager' || role === 'admin');
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {isNew && !isNamed ? (
          <TextInput
            label="Id"
            description="As the agreement's routing writes it, for example enterprise. It cannot be changed later."
            value={name}
            error={
              isTaken
                ? `A team ${name} already exists`
                : name === '' || isNameGood
                  ? problemAt(saving.error, 'name')
                  : 'Lowercase letters, digits and _, starting with a letter'
            }
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
          error={problemAt(saving.error, 'label')}
          onChange={event => setLabel(event.currentTarget.value)}
        />
        <Group grow align="flex-start">
          <Select
            label="Manager"
            description="Deals with leads that nobody in the team can take"
            placeholder="Nobody"
            clearable
            searchable
            value={managerId}
            error={problemAt(saving.error, 'managerId')}
            data={leads.map(user => ({ value: user.id, label: user.name }))}
            onChange={setManagerId}
          />
          <TextInput
            label="Slack channel"
            description="Where alerts for the whole team go"
            placeholder="enterprise-leads"
            leftSection="#"
            maxLength={100}
            value={channel}
            error={problemAt(saving.error, 'slackChannel')}
            onChange={event => setChannel(event.currentTarget.value)}
          />
        </Group>
        <MemberFields members={members} people={people} error={saving.error} onChange={setMembers} />
        {saving.error === null ? null : <Alert color="brick">{errorWords(saving.error)}</Alert>}
        <Group justify="space-between" gap="xs">
          {isNew ? (
            <span />
          ) : (
            <Button variant="subtle" color="brick" onClick={() => setDeleting(true)}>
              Delete the team
            </Button>
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={saving.isPending} disabled={!canSave}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
      {isDeleting ? <DeleteTeam team={team} onClose={() => setDeleting(false)} onDone={onClose} /> : null}
    </form>
  );
}

function DeleteTeam(props: {
  readonly team: Draft;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { team, onClose, onDone } = props;
  const deleting = useChange('deleteTeam');
  const confirm = () =>
    deleting.mutate(
      { params: { name: team.name } },
      {
        onSuccess: () => {
          showDone(`The team ${team.label} was deleted.`);
          onDone();
        },
      },
    );
  return (
    <Confirm
      title={`Delete the team ${team.label}?`}
      verb="Delete"
      isBusy={deleting.isPending}
      error={deleting.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Its members keep their leads, and the record of who got which lead stays. A team that the agreement in
      force gives leads to cannot be deleted.
    </Confirm>
  );
}
