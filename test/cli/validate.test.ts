import { expect, test } from 'vitest';
import { readAgreementFile } from '../../src/contract/file/agreement.ts';
import { runBaton } from '../world/process.ts';
import { makeFolder } from './ran.ts';

const folder = makeFolder();

test('a doubtful agreement is valid, with its doubts as warnings', async () => {
  const lines = [
    'agreement: 1',
    'name: Core',
    'scores: { fit: {} }',
    'routing: [{ id: a, to: companyOwner }]',
  ];
  const file = folder.write('doubtful.yaml', lines.join('\n'));
  const command = runBaton(['validate', file]);
  const closed = new Promise(resolve => command.child.on('close', resolve));
  expect(await command.ended).toBe(0);
  await closed;
  expect(command.stdout()).toContain(`${file}: valid.`);
  expect(command.stderr()).toContain(`warning: ${file}:4:10: routing: expected { fallback: team }`);
});

/** What `baton validate` says of a file: its exit code, and its lines of errors. */
async function validate(name: string, text: string) {
  const command = runBaton(['validate', folder.write(name, text)]);
  const closed = new Promise(resolve => command.child.on('close', resolve));
  const code = await command.ended;
  await closed;
  return { code, stdout: command.stdout(), lines: command.stderr().trimEnd().split('\n') };
}

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

// Each of them took minutes, or overflowed the stack.
test.each([
  { what: 'commas', text: `[${','.repeat(300_000)}`, count: 101, last: /^\d+ more; mend these first$/ },
  { what: 'quotes', text: '"'.repeat(300_000), count: 101, last: /^\d+ more; mend these first$/ },
  {
    what: 'anchors',
    text: `a:\n${many(20_000, index => `  - &a${index} x\n`)}b:\n${many(20_000, index => `  - *a${index}\n`)}`,
    count: 1,
    last: /^the file has 20000 aliases; expected at most 1000$/,
  },
  {
    what: 'keys',
    text: many(50_000, index => `k${index}: 1\n`),
    count: 101,
    last: /more; mend these first$/,
  },
  {
    what: 'rules',
    text: `agreement: 1\nname: Core\nscores: { fit: {} }\nrules:\n${many(20_000, () => '  - { id: 1, if: yes }\n')}`,
    count: 101,
    last: /^\d+ more; mend these first$/,
  },
])('a file of nothing but $what is refused in words', ({ text, count, last }) => {
  const { problems, warnings } = readAgreementFile(text);
  expect(problems).toHaveLength(count);
  expect(problems?.at(-1)?.message).toMatch(last);
  expect(warnings.length).toBeLessThan(103);
});

test('the command says so, and ends as with any wrong file', async () => {
  const { code, stdout, lines } = await validate('commas.yaml', `[${','.repeat(150_000)}`);
  expect([code, stdout, lines.length]).toEqual([2, '', 101]);
  expect(lines[0]).toMatch(/commas\.yaml:1:3: /);
});

test('a key that stands twice is named with its place', async () => {
  const { code, lines } = await validate('twice.yaml', 'agreement: 1\nname: A\nname: B\n');
  expect(code).toBe(2);
  expect(lines).toEqual([
    expect.stringMatching(/twice\.yaml:3:1: the key "name" stands twice; expected each key once$/),
  ]);
});

test('names in a file cannot steer the terminal', async () => {
  const steering = '\u001b]0;gone\u0007\u009b2J\u202eevil';
  const quoted = JSON.stringify(steering).replace('\u009b', '\\x9b');
  const named = await validate(
    'steering.yaml',
    `agreement: 1\nname: ${quoted}\nscores: { fit: {} }\nmql: [{ id: a, label: ${quoted}, when: "fit >= 1" }]\n`,
  );
  const refused = await validate('keys.yaml', `agreement: 1\n${quoted}: 1\n`);
  const all = [named.stdout, ...named.lines, ...refused.lines].join('\n');
  expect(all).toContain('evil');
  for (const character of ['\u001b', '\u0007', '\u009b', '\u202e']) expect(all).not.toContain(character);
});
