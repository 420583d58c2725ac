import { Argument, type Command, Option } from 'commander';
import type { ImportKind } from '../../core/import/target.ts';
import type { ImportOptions } from '../work/import.ts';
import { addDataDirOption } from './option.ts';

const KINDS: readonly ImportKind[] = ['contacts', 'events', 'outcomes'];

/** Adds `baton import`. */
export function addImport(program: Command): void {
  addDataDirOption(program.command('import'))
    .addArgument(new Argument('[kind]', 'what the file holds').choices(KINDS))
    .argument('[file]', 'CSV with a header, or JSON lines (.csv, .jsonl; .gz is read as is)')
    .option(
      '--mapping <file>',
      'how the columns are to be read: a YAML file, or hubspot, salesforce, pipedrive, meta or linkedin',
    )
    .option('--dates <format>', 'how dates are written, such as DD.MM.YYYY or MM/DD/YYYY')
    .option('--zone <zone>', 'the time zone of times that name none, such as Europe/Berlin or +01:00')
    .option('--encoding <name>', 'the encoding of the file, such as windows-1252')
    .option('--dry-run', 'show what would be read; writes nothing')
    .addOption(
      new Option('--handoff <when>', 'hand over the leads that qualify once the file is in').choices(['now']),
    )
    .option('--undo <batch>', 'take an import back')
    .option('--json', 'print the summary as JSON')
    .description('load contacts, events or outcomes of another system; a file read twice changes nothing')
    .action(async (kind: ImportKind | undefined, file: string | undefined, options: ImportOptions) =>
      (await import('../work/import.ts')).runImport(kind, file, options),
    );
}
