import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { readDocument } from '../../src/contract/file/document.ts';
import { readAgreement } from '../../src/core/agreement/agreement.ts';
import { isObject } from '../../src/core/condition/reading.ts';
import { ROOT, readText, trackedFiles } from './tree.ts';

const documents = trackedFiles().filter(path => path.endsWith('.md'));

test('links between documents lead somewhere', () => {
  const broken = documents.flatMap(path =>
    [...readText(path).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(ROOT, target))) return [`${path}: ${link}`];
      return anchor === undefined || anchorsOf(target).includes(anchor) ? [] : [`${path}: ${link}`];
    }),
  );
  expect(broken).toEqual([]);
});

function anchorsOf(path: string): readonly string[] {
  return [...readText(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
}

test('the settings table names every setting, and those that are not used yet below it', () => {
  const text = readText('docs/guide/operating.md');
  const source = readText('src/loop/settings.ts');
  const known = [...source.matchAll(/^ {2}([A-Z_]+): \{/gm)].map(match => match[1] ?? '');
  expect(known).toHaveLength(18);
  expect(known.filter(name => !text.includes(`\`${name}\``))).toEqual([]);
  const named = [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(match => match[1] ?? '');
  expect(named.filter(name => !known.includes(name))).toEqual([]);
});

/** What a part of an agreement stands on when it is shown alone. */
const BASE = {
  agreement: 1,
  name: 'Shown in part',
  scores: { fit: {}, intent: {} },
  groups: { web: { score: 'intent' } },
  calendars: { business: { timezone: 'UTC', hours: { mon: ['09:00-17:00'] } } },
};
const PARTS = new Set([
  ...['agreement', 'name', 'scores', 'groups', 'rules', 'disqualify', 'mql', 'grades'],
  ...['routing', 'calendars', 'sla', 'alerts', 'reasons', 'targets', 'templates', 'outreach'],
]);

test('agreements and parts of agreements in the guide are valid', () => {
  const shown = documents.flatMap(path =>
    [...readText(path).matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, text = '']) => {
      const { value } = readDocument(text);
      return isObject(value) && Object.keys(value).some(key => PARTS.has(key)) ? [{ path, value }] : [];
    }),
  );
  expect(shown.length).toBeGreaterThan(7);
  const wrong = shown.flatMap(({ path, value }) =>
    (readAgreement({ ...BASE, ...value }).problems ?? []).map(
      problem => `${path}: ${problem.path}: ${problem.message}`,
    ),
  );
  expect(wrong).toEqual([]);
});
