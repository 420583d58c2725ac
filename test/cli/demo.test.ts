import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt, runBaton } from '../world/process.ts';

beforeAll(ensureBuilt, 120_000);

test('a demo prints where it is, who signs in, how to look as others and a write key, and not a line of its log', async () => {
  const demo = runBaton(['demo', '--port', '0', '--contacts', '20'], { LOG_LEVEL: '' });
  await new Promise<void>(resolve => {
    demo.child.stdout?.on('data', () => {
      if (demo.stdout().includes('write key')) resolve();
    });
    demo.child.once('exit', () => resolve());
  });
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toBe(0);
  const lines = demo.stdout().trim().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(
    /^Baton demo is ready at http:\/\/127\.0\.0\.1:\d+\/demo\/enter\?token=[0-9a-f]{32}$/,
  );
  expect(lines[1]).toContain('"Look as"');
  expect(lines[2]).toMatch(/maren\.holt@\S+ \(admin\), .*\(marketing\), .*\(manager\), .*\(rep\)/);
  expect(lines[2]).toMatch(/all 9 people have the password \S{12}$/);
  expect(lines[3]).toBe('Send leads of your own with the write key baton-demo-write-key');
  expect(demo.stderr()).toBe('Preparing a throw-away database …\n');
}, 60_000);
