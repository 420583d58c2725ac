import { Anchor, Radio, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { DuplicateDetail, DuplicateField, DuplicateSide } from '../../contract/api/duplicate.ts';
import { ScoreMark, StageBadge } from '../kit/mark.tsx';
import { When } from '../kit/when.tsx';
import { fieldLabel } from '../words/field.ts';
import css from './detail.module.css';

/** Two contacts side by side, field by field: what differs stands out, what a merge would keep is marked. */
export function DuplicateTable({ pair }: { readonly pair: DuplicateDetail }) {
  const { a, b, fields } = pair;
  return (
    <table className={css.table} aria-label="The two side by side">
      <thead>
        <tr>
          <td className={css.blank} />
          <Side side={a} />
          <Side side={b} />
        </tr>
      </thead>
      <tbody>
        <Facts label="Stage" a={<StageBadge stage={a.stage} />} b={<StageBadge stage={b.stage} />} />
        <Facts
          label="Score"
          a={<ScoreMark total={a.total} grade={null} />}
          b={<ScoreMark total={b.total} grade={null} />}
        />
        <Facts label="Owner" a={ownerOf(a)} b={ownerOf(b)} />
        <Facts label="Handoff" a={<Handoff side={a} />} b={<Handoff side={b} />} />
        <Facts label="First seen" a={<When at={a.createdAt} />} b={<When at={b.createdAt} />} />
        <Facts label="Last seen" a={<Seen side={a} />} b={<Seen side={b} />} />
        {fields.map(field => (
          <tr key={field.field}>
            <th scope="row" className={css.label}>
              {fieldLabel(field.field)}
            </th>
            <Value field={field} of="a" />
            <Value field={field} of="b" />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Side({ side }: { readonly side: DuplicateSide }) {
  return (
    <th scope="col" className={css.side}>
      <Anchor component={Link} to={`/contacts/${side.id}`} fw={650} size="md" c="inherit">
        {side.name}
      </Anchor>
      <Text c="dimmed">{side.email ?? 'No e-mail address'}</Text>
    </th>
  );
}

function Facts(props: { readonly label: string; readonly a: ReactNode; readonly b: ReactNode }) {
  return (
    <tr>
      <th scope="row" className={css.label}>
        {props.label}
      </th>
      <td className={css.value}>{props.a}</td>
      <td className={css.value}>{props.b}</td>
    </tr>
  );
}

function ownerOf({ owner, openEpisode }: DuplicateSide): ReactNode {
  const name = openEpisode?.owner?.name ?? owner?.name ?? null;
  return name ?? <span className={css.none}>nobody</span>;
}

function Handoff({ side: { openEpisode } }: { readonly side: DuplicateSide }) {
  if (openEpisode === null) return <span className={css.none}>none open</span>;
  return (
    <Stack gap={0}>
      <Text inherit>
        Open since <When at={openEpisode.handedOffAt} />
      </Text>
      {openEpisode.waitingFor === null ? null : (
        <Text size="xs" c="dimmed">
          held: {openEpisode.waitingFor}
        </Text>
      )}
    </Stack>
  );
}

function Seen({ side }: { readonly side: DuplicateSide }) {
  return side.lastSeenAt === null ? <span className={css.none}>never</span> : <When at={side.lastSeenAt} />;
}

function Value({ field, of }: { readonly field: DuplicateField; readonly of: 'a' | 'b' }) {
  const isKept = field.kept !== null && (field.keptOf === of || field.keptOf === 'both');
  return (
    <td className={css.value} data-differs={field.differs} data-kept={field.differs && isKept}>
      {field[of] ?? <span className={css.none}>unknown</span>}
      {field.differs && isKept ? <span className={css.kept}>kept</span> : null}
    </td>
  );
}

/** Whose value of each field is chosen, where it is not the proposed one. */
export type Kept = Readonly<Record<string, 'a' | 'b'>>;

/** What of two contacts a merge keeps where they differ, to be chosen field by field. */
export function KeptChoice(props: {
  readonly pair: DuplicateDetail;
  readonly kept: Kept;
  readonly onChoose: (kept: Kept) => void;
}) {
  const { pair, kept, onChoose } = props;
  const differing = pair.fields.filter(({ differs, a, b }) => differs && a !== null && b !== null);
  if (differing.length === 0)
    return <Text c="dimmed">Their profiles say the same, or one fills the gaps of the other.</Text>;
  return (
    <Stack gap="sm">
      {differing.map(({ field, keptOf, a, b }) => (
        <Radio.Group
          key={field}
          label={fieldLabel(field)}
          value={kept[field] ?? (keptOf === 'a' ? 'a' : 'b')}
          onChange={value => onChoose({ ...kept, [field]: value === 'a' ? 'a' : 'b' })}
        >
          <Stack gap={4} mt={4}>
            <Radio size="xs" value="a" label={a} styles={{ label: { overflowWrap: 'anywhere' } }} />
            <Radio size="xs" value="b" label={b} styles={{ label: { overflowWrap: 'anywhere' } }} />
          </Stack>
        </Radio.Group>
      ))}
    </Stack>
  );
}
