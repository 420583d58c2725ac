import type { Command } from 'commander';
import { readSettings, type Settings } from '../loop/settings.ts';
import { Failure } from './failure.ts';

/** Command-line twins of settings. */
export interface SettingOptions {
  readonly host?: string;
  readonly port?: string;
  readonly dataDir?: string;
}

/** Adds the command-line twins of settings to a command that serves. */
export function addServingOptions(command: Command): Command {
  return command
    .option('--host <host>', 'address to listen at (BATON_HOST; default 127.0.0.1)')
    .option('--port <port>', 'port to listen at, 0 for any free one (BATON_PORT; default 4800)');
}

/** Adds `--data-dir`. */
export function addDataDirOption(command: Command): Command {
  return command.option(
    '--data-dir <folder>',
    'folder of the embedded database (BATON_DATA_DIR; default ./baton-data)',
  );
}

/** Reads the settings from the environment and the command line, which wins; refuses naming every wrong one. */
export function settingsOf(
  options: SettingOptions,
  defaults: Readonly<Record<string, string>> = {},
): Settings {
  const { settings, problems } = readSettings({
    ...defaults,
    ...process.env,
    ...(options.host === undefined ? {} : { BATON_HOST: options.host }),
    ...(options.port === undefined ? {} : { BATON_PORT: options.port }),
    ...(options.dataDir === undefined ? {} : { BATON_DATA_DIR: options.dataDir }),
  });
  if (problems !== null) throw new Failure(problems.join('\n'));
  return settings;
}
