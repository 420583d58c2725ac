import { cpSync } from 'node:fs';

// The compiler copies no files but its own; migrations travel beside the code that runs them.
cpSync(
  new URL('../src/db/migrations/', import.meta.url),
  new URL('../dist/db/migrations/', import.meta.url),
  {
    recursive: true,
  },
);
