import { Anchor, Text } from '@mantine/core';
import { Fragment } from 'react';
import { isObject } from '../../core/condition/reading.ts';
import { capital, nameWords } from '../../core/condition/words.ts';
import { figure } from '../../core/text/number.ts';
import { webAddress } from './link.ts';
import { Address } from './person.tsx';
import css from './properties.module.css';

/**
 * The properties of a contact or company as a list of names and values; nested ones with their whole path. `claimed` are the
 * paths of those that nobody has confirmed.
 */
export function Properties({
  of,
  none,
  claimed,
}: {
  readonly of: Readonly<Record<string, unknown>>;
  readonly none: string;
  readonly claimed: readonly string[];
}) {
  const rows = [...flatten(of)].sort(byUse);
  if (rows.length === 0) return <Text c="dimmed">{none}</Text>;
  return (
    <dl className={css.list}>
      {rows.map(([path, value]) => (
        <Fragment key={path.join('.')}>
          <dt title={path.join('.')}>{labelOf(path)}</dt>
          <dd>
            <Value value={value} />
            {claimed.includes(path.join('.')) ? <Claimed /> : null}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** Beside a value that a visitor of the website typed and nobody has confirmed. */
export function Claimed() {
  return (
    <Text
      component="span"
      size="xs"
      c="dimmed"
      title="A web page said so. A server, an import or a person who says the same confirms it."
    >
      {' '}
      not verified
    </Text>
  );
}

/** What people look for first; the rest follows by name. */
const FIRST = [
  'name',
  'firstName',
  'lastName',
  'email',
  'phone',
  'title',
  'industry',
  'employees',
  'country',
];

function byUse([a]: Row, [b]: Row): number {
  const place = ([name = '']: readonly string[]) =>
    FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length;
  return place(a) - place(b) || a.join('.').localeCompare(b.join('.'));
}

const LABELS: Readonly<Record<string, string>> = {
  email: 'E-mail',
  emailKind: 'Kind of e-mail',
  emailDomain: 'E-mail domain',
};

function labelOf(path: readonly string[]): string {
  return LABELS[path.join('.')] ?? capital(path.map(nameWords).join(' '));
}

type Row = readonly [path: readonly string[], value: unknown];

function flatten(of: Readonly<Record<string, unknown>>, above: readonly string[] = []): readonly Row[] {
  return Object.entries(of).flatMap(([key, value]): readonly Row[] => {
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
  if (href === null) return text.includes('@') ? <Address of={text} /> : text;
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer nofollow">
      <Address of={text} />
    </Anchor>
  );
}
