import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../world/process.ts';
import { makeFolder } from './ran.ts';

beforeAll(ensureBuilt, 130_000);

const BATON = join(fileURLToPath(new URL('../../', import.meta.url)), 'bin/baton.js');
const folder = makeFolder();
const file = folder.write(
  'agreement.yaml',
  `agreement: 1
name: Core
scores: { fit: {} }
calendars:
  business:
    timezone: Europe/London
    hours: { mon-fri: ["09:00-12:30", "13:30-17:30"] }
    holidays: [2026-12-25]
  night: { timezone: Asia/Manila, hours: { sun-thu: ["22:00-06:00"] } }
`,
);

/** Asks a calendar, each question a line. */
function ask(calendar: string, input: string | Buffer) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [BATON, 'worktime', '--agreement', file, '--calendar', calendar],
    { input, encoding: 'utf8' },
  );
  return { status, stderr, answers: stdout.split('\n').filter(line => line !== '') };
}

describe('baton worktime', () => {
  test('answers each line in order, blank ones left out', () => {
    const { status, answers, stderr } = ask(
      'business',
      '\ufeff{"from":"2026-12-24T17:00:00Z","add":"1h"}\r\n\n{"from":"2026-12-24T17:00:00Z","to":"2026-12-28T10:00:00Z"}\n' +
        '{"from":"2026-12-28T10:00:00Z","to":"2026-12-24T17:00:00Z"}\n{"from":"2026-12-25","add":"0s"}\n' +
        '{"from":"2026-12-24T10:00:00Z","add":"1bd"}',
    );
    expect(answers).toEqual([
      '{"at":"2026-12-28T09:30:00.000Z"}',
      '{"ms":5400000}',
      '{"ms":-5400000}',
      '{"at":"2026-12-28T09:00:00.000Z"}',
      '{"at":"2026-12-28T10:00:00.000Z"}',
    ]);
    expect([status, stderr]).toEqual([0, '']);
  });

  test('counts hours past midnight, and plain time on always', () => {
    expect(ask('night', '{"from":"2026-06-07T00:00:00Z","to":"2026-06-08T12:00:00Z"}').answers).toEqual([
      '{"ms":28800000}',
    ]);
    expect(ask('always', '{"from":"2026-06-06","add":"1bd"}').answers).toEqual([
      '{"at":"2026-06-07T00:00:00.000Z"}',
    ]);
  });

  test('answers what is wrong in its place, goes on, and ends with 1', () => {
    const { status, answers, stderr } = ask(
      'business',
      Buffer.concat([
        Buffer.from(
          `[1]\n{"from":"x"\n{"from":"2026-03-02T09:00:00Z","add":"soon"}\n${' '.repeat(1_100_000)}\n`,
        ),
        Buffer.from([0x22, 0xff, 0x22, 0x0a]),
        Buffer.from('{"from":"2026-03-02T09:00:00Z","add":"30m"}\n'),
      ]),
    );
    expect(status).toBe(1);
    expect(answers.map(line => Object.keys(JSON.parse(line))[0])).toEqual([
      ...['error', 'error', 'error', 'error', 'error', 'at'],
    ]);
    expect(answers[1]).toContain('not JSON');
    expect(stderr).toBe('5 lines could not be answered\n');
  });

  test('a call that is wrong ends with 2 and says what is there', () => {
    const { status, stderr, answers } = ask('office', '{"from":"2026-03-02","add":"1h"}\n');
    expect([status, answers]).toEqual([2, []]);
    expect(stderr).toBe('--calendar office: expected a calendar of the agreement: business, night, always\n');
    const bare = spawnSync(process.execPath, [BATON, 'worktime', '--agreement', file], { encoding: 'utf8' });
    expect([bare.status, bare.stderr]).toEqual([2, expect.stringContaining('--calendar <name>')]);
  });

  test('answers a program that waits for each answer before it asks again', async () => {
    const child = spawn(process.execPath, [BATON, 'worktime', '--agreement', file, '--calendar', 'always']);
    const answer = () =>
      new Promise<string>(resolve => child.stdout.once('data', data => resolve(String(data))));
    const answers: string[] = [];
    for (const add of ['1h', '2h']) {
      const next = answer();
      child.stdin.write(`{"from":"2026-03-02","add":"${add}"}\n`);
      answers.push(await next);
    }
    child.stdin.end();
    expect(answers).toEqual(['{"at":"2026-03-02T01:00:00.000Z"}\n', '{"at":"2026-03-02T02:00:00.000Z"}\n']);
    expect(await new Promise(resolve => child.on('exit', resolve))).toBe(0);
  });
});
