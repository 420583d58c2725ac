import { writeFileSync } from 'node:fs';
import { agreementSchema } from '../dist/contract/jsonschema.js';

writeFileSync(
  new URL('../docs/agreement.schema.json', import.meta.url),
  `${JSON.stringify(agreementSchema(), null, 2)}\n`,
);
