import { ActionIcon, NumberInput, Select, Stack, Text } from '@mantine/core';
import type { Colleague } from '../../contract/api/session.ts';
import { LEAST_WEIGHT, MOST_WEIGHT, type TeamMember } from '../../contract/api/team.ts';
import { problemAt } from '../client/client.ts';
import { Icon } from '../kit/icon.tsx';
import css from './memberfields.module.css';

/** A member as the list of teams gives it. */
export type Given = Pick<TeamMember, 'userId' | 'name' | 'weight' | 'capacity'>;

/** A member while it is edited; an empty limit means no limit. */
export interface MemberDraft {
  readonly userId: string;
  readonly name: string;
  readonly weight: number | string;
  readonly open: number | string;
  readonly perDay: number | string;
}

/** Who is in a team, with their weight and limits. */
export function MemberFields(props: {
  readonly members: readonly MemberDraft[];
  readonly people: readonly Colleague[];
  readonly error: unknown;
  readonly onChange: (members: readonly MemberDraft[]) => void;
}) {
  const { members, people, error, onChange } = props;
  const others = people.filter(user => !members.some(member => member.userId === user.id));
  const add = (userId: string | null) => {
    const user = people.find(({ id }) => id === userId);
    if (user !== undefined)
      onChange([...members, { userId: user.id, name: user.name, weight: 1, open: '', perDay: '' }]);
  };
  const field = (member: MemberDraft, index: number, key: 'weight' | 'open' | 'perDay') => (
    <NumberInput
      size="xs"
      hideControls
      aria-label={`${FIELD_WORDS[key]} of ${member.name}`}
      placeholder={key === 'weight' ? '1' : 'no limit'}
      allowNegative={false}
      allowDecimal={key !== 'open'}
      {...(key === 'weight' ? { min: LEAST_WEIGHT, max: MOST_WEIGHT } : { max: 10_000 })}
      value={member[key]}
      error={
        problemAt(error, `members[${index}].${key === 'weight' ? key : `capacity.${key}`}`) ??
        !isGood(member, key)
      }
      onChange={value =>
        onChange(members.map(other => (other === member ? { ...member, [key]: value } : other)))
      }
    />
  );
  return (
    <Stack gap="xs">
      <Text fw={600}>Members</Text>
      {members.length === 0 ? null : (
        <ul className={css.rows} aria-label="Members">
          <li className={css.memberheads} aria-hidden="true">
            <span>Person</span>
            {KEYS.map(key => (
              <span key={key}>{FIELD_WORDS[key]}</span>
            ))}
          </li>
          {members.map((member, index) => (
            <li key={member.userId} className={css.member} aria-label={member.name}>
              <Text className={css.person}>{member.name}</Text>
              {KEYS.map(key => (
                <div key={key}>
                  <span className={css.fieldname} aria-hidden="true">
                    {FIELD_WORDS[key]}
                  </span>
                  {field(member, index, key)}
                </div>
              ))}
              <ActionIcon
                className={css.remove}
                variant="subtle"
                color="gray"
                aria-label={`Remove ${member.name}`}
                onClick={() => onChange(members.filter(other => other !== member))}
              >
                <Icon name="cross" size={15} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Select
        placeholder={others.length === 0 ? 'Everybody is a member' : 'Add a person'}
        aria-label="Add a person"
        searchable
        disabled={others.length === 0}
        value={null}
        data={others.map(user => ({ value: user.id, label: user.name }))}
        onChange={add}
      />
      <Text size="xs" c="dimmed">
        A weight of 2 gets twice the leads of a weight of 1, where routing goes by weight. “Open at once” is
        how many undecided leads somebody has in all teams before they get no more; “New a day” how many this
        team gives them in a working day: 0.5 is one lead in two days.
      </Text>
    </Stack>
  );
}

const KEYS = ['weight', 'open', 'perDay'] as const;
const FIELD_WORDS = { weight: 'Weight', open: 'Open at once', perDay: 'New a day' } as const;

/** A member as the form starts with it. */
export function draftOf({ userId, name, weight, capacity }: Given): MemberDraft {
  return { userId, name, weight, open: capacity.open ?? '', perDay: capacity.perDay ?? '' };
}

/** A member as the API takes it; only for complete ones. */
export function saved({ userId, weight, open, perDay }: MemberDraft) {
  return { userId, weight: Number(weight), capacity: { open: limitOf(open), perDay: limitOf(perDay) } };
}

function limitOf(value: number | string): number | null {
  return value === '' ? null : Number(value);
}

function isGood(member: MemberDraft, key: 'weight' | 'open' | 'perDay'): boolean {
  if (key === 'weight') return Number(member.weight) >= LEAST_WEIGHT;
  return member[key] === '' || Number(member[key]) > 0;
}

/** Whether nothing of a member is missing or wrong. */
export function isComplete(member: MemberDraft): boolean {
  return isGood(member, 'weight') && isGood(member, 'open') && isGood(member, 'perDay');
}
