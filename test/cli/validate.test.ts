import { expect, test } from 'vitest';
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
