import { Stack, Switch, Text } from '@mantine/core';
import type { Permission } from '../../contract/access.ts';
import type { CallOutput } from '../client/client.ts';
import { useCall, useChange } from '../client/query.ts';
import { Card } from '../kit/card.tsx';
import { showDone, showFailure } from '../kit/notice.tsx';
import { Await } from '../kit/state.tsx';
import { PERMISSION_CHOICES } from '../words/permission.ts';

/** What the workspace lets marketing do, each to be allowed or not. */
export function PermissionsPart() {
  const permissions = useCall('getPermissions', {});
  return (
    <Card title="What marketing may do">
      <Await query={permissions}>{given => <Permissions given={given} />}</Await>
    </Card>
  );
}

function Permissions({ given }: { readonly given: CallOutput<'getPermissions'> }) {
  const saving = useChange('savePermissions');
  const set = (name: Permission, isAllowed: boolean) =>
    saving.mutate(
      { body: { ...given, [name]: isAllowed } },
      {
        onSuccess: () =>
          showDone(isAllowed ? 'Marketing may do this now.' : 'Marketing may no longer do this.'),
        onError: showFailure,
      },
    );
  return (
    <Stack gap="lg">
      <Text c="dimmed">
        People and keys with the role Marketing read contacts, leads and reports, and look through the
        rejected calls. Here you let them do more. The journal keeps who allowed what.
      </Text>
      {PERMISSION_CHOICES.map(({ name, label, words }) => (
        <Switch
          key={name}
          label={label}
          description={words}
          checked={given[name]}
          disabled={saving.isPending}
          onChange={event => set(name, event.currentTarget.checked)}
        />
      ))}
    </Stack>
  );
}
