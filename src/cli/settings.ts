import { readSettings, type Settings } from '../loop/settings.ts';
import { Failure } from './failure.ts';

/** Command-line twins of settings. */
export interface SettingOptions {
  readonly host?: string;
  readonly port?: string;
  readonly dataDir?: string;
}

/** Reads the settings from the environment and the command line, which wins; refuses naming every wrong one. */
export function settingsOf(
  options: SettingOptions,
  defaults: Readonly<Record<string, string>> = {},
): Settings {
  // A variable that is set to nothing counts as not set.
  const environment = Object.entries(process.env).filter(([, value]) => value?.trim() !== '');
  const { settings, problems } = readSettings({
    ...defaults,
    ...Object.fromEntries(environment),
    ...(options.host === undefined ? {} : { BATON_HOST: options.host }),
    ...(options.port === undefined ? {} : { BATON_PORT: options.port }),
    ...(options.dataDir === undefined ? {} : { BATON_DATA_DIR: options.dataDir }),
  });
  if (problems !== null) throw new Failure(problems.join('\n'));
  return settings;
}
