import { Select } from '@mantine/core';
import { useState } from 'react';
import type { Colleague } from '../../contract/api/session.ts';
import { mayWork } from '../../contract/role.ts';
import { counted } from '../../core/text/number.ts';
import { call } from '../client/client.ts';
import { useChange } from '../client/query.ts';
import { useUser } from '../client/session.tsx';
import { Confirm } from '../kit/confirm.tsx';
import { showDone, showFailure, showUndoable } from '../kit/notice.tsx';
import { COUNTED } from './leaving.tsx';
import { ROLE_CHOICES, ROLE_WORDS, roleOf } from './role.ts';

/** Changes a person's role; says so with a way back, and asks first where open leads go to others. */
export function RoleSelect({ user }: { readonly user: Colleague }) {
  const me = useUser();
  const changing = useChange('updateUser');
  const [isCounting, setCounting] = useState(false);
  const [leads, setLeads] = useState<Leads | null>(null);
  const set = (role: Colleague['role']) =>
    changing.mutateAsync({ params: { id: user.id }, body: { role } }).then(() => setLeads(null));
  const tell = (role: Colleague['role']) => {
    const words = `${user.name} is now ${ROLE_WORDS[role].label}.`;
    // Who gives the role of admin away can no longer take it back.
    if (user.id === me.id) return showDone(words);
    const onUndo = () =>
      void set(user.role).then(
        () => showDone(`${user.name} is ${ROLE_WORDS[user.role].label} again.`),
        showFailure,
      );
    showUndoable({ id: `role ${user.id}`, words, onUndo });
  };
  const change = (role: Colleague['role']) => set(role).then(() => tell(role), showFailure);
  const pick = async (role: Colleague['role']) => {
    if (role === user.role) return;
    if (mayWork(role)) return change(role);
    setCounting(true);
    try {
      const { items, nextCursor } = await call('listQueue', { query: { owner: user.id, limit: COUNTED } });
      if (items.length === 0) return await change(role);
      setLeads({ count: items.length, isPart: nextCursor !== null });
    } catch (error) {
      showFailure(error);
    } finally {
      setCounting(false);
    }
  };
  return (
    <>
      <Select
        size="xs"
        w={150}
        aria-label={`Role of ${user.name}`}
        data={ROLE_CHOICES}
        value={user.role}
        allowDeselect={false}
        disabled={!user.active || changing.isPending || isCounting}
        onChange={value => void pick(roleOf(value))}
      />
      {leads === null ? null : (
        <Confirm
          title={`Make ${user.name} ${ROLE_WORDS.marketing.label}?`}
          verb="Change the role"
          isBusy={changing.isPending}
          error={null}
          onConfirm={() => void change('marketing')}
          onClose={() => setLeads(null)}
        >
          Marketing decides no leads: {leads.isPart ? 'over ' : ''}
          {counted(leads.count, 'open lead')} of {user.name} {leads.count === 1 ? 'is' : 'are'} given to
          others. Another change of the role does not bring {leads.count === 1 ? 'it' : 'them'} back.
        </Confirm>
      )}
    </>
  );
}

interface Leads {
  readonly count: number;
  /** Whether there are more than were counted. */
  readonly isPart: boolean;
}
