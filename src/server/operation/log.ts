import pino, { type Logger } from 'pino';
import type { Settings } from '../../loop/settings.ts';

/** Makes the log: JSON lines to stderr; secrets in headers never reach it. */
export function makeLog(settings: Pick<Settings, 'LOG_LEVEL'>): Logger {
  return pino(
    {
      level: settings.LOG_LEVEL,
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.writeKey'],
    },
    pino.destination(2),
  );
}
