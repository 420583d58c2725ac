import { Anchor, Text } from '@mantine/core';
import { Fragment } from 'react';
import { isObject } from '../../core/reading.ts';
import { webAddress } from '../link.ts';
import { figure } from '../number.ts';
import { nameWords } from '../wording/condition.ts';
import { capital } from '../wording/rule.ts';
import css from './profile.module.css';

/** The properties of a contact or company as a list of names and values; nested ones with their whole path. */
export function Properties({
  of,
  none,
}: {
  readonly of: Readonly<Record<string, unknown>>;
  readonly none: string;
}) {
  const rows = flatten(of);
  if (rows.length === 0) return <Text c="dimmed">{none}</Text>;
  return (
    <dl className={css.list}>
      {rows.map(([path, value]) => (
        <Fragment key={path.join('.')}>
          <dt title={path.join('.')}>{capital(path.map(nameWords).join(' '))}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function flatten(
  of: Readonly<Record<string, unknown>>,
  above: readonly string[] = [],
): [string[], unknown][] {
  return Object.entries(of).flatMap(([key, value]): [string[], unknown][] => {
    if (value === null || value === undefined || value === '') return [];
    return isObject(value) ? flatten(value, [...above, key]) : [[[...above, key], value]];
  });
}

/** A value somebody else typed: a link only when it is a web address, and one that search engines do not follow. */
function Value({ value }: { readonly value: unknown }) {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return figure(value);
  if (Array.isArray(value)) return value.map(String).join(', ');
  const text = String(value);
  const href = webAddress(text);
  if (href === null) return text;
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </Anchor>
  );
}
