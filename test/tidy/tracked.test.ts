import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, readText, trackedFiles } from './tree.ts';

/** Files whose text people wrote. */
const TEXT = /\.(?:ts|tsx|js|json|md|sql|ya?ml|css|html|svg)$|^\.|^[A-Z]+$|^\.ci\/run$/;
/** A folder of somebody's machine. */
const MACHINE = /(?<![\w.:/-])\/(?:root|work|home|Users)\/\w/;
/** A place to download packages from, other than the one everybody is free to set. */
const REGISTRY = /\bregistry\.[\w.-]+\.\w+|\bnpm\.pkg\.|\/artifactory\/|\/api\/npm\//i;

const files = trackedFiles().filter(path => TEXT.test(path) && !path.startsWith('test/tidy/'));

function linesWith(pattern: RegExp): readonly string[] {
  return files.flatMap(path =>
    readText(path)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
      ),
  );
}

test('the scan sees the project', () => {
  expect(files.length).toBeGreaterThan(250);
  expect('open /home/ann/baton').toMatch(MACHINE);
  expect('a page at /home is not a folder').not.toMatch(MACHINE);
  expect('https://registry.npmjs.org/').toMatch(REGISTRY);
});

test('no file names a folder of a machine', () => {
  expect(linesWith(MACHINE)).toEqual([]);
});

test('no file names a registry to download from', () => {
  expect(linesWith(REGISTRY)).toEqual([]);
});

test('no file is larger than a reader wants to clone', () => {
  const large = trackedFiles().filter(path => statSync(join(ROOT, path)).size > 512 * 1024);
  expect(large).toEqual([]);
});
