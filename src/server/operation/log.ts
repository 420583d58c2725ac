import pino, { type Logger } from 'pino';
import type { Settings } from '../../loop/settings.ts';

/** How values are written into the log. */
export const serializers = { err: errorOf };

/** Makes the log: JSON lines to stderr; neither secrets in headers nor what hangs on an error reach it. */
export function makeLog(settings: Pick<Settings, 'LOG_LEVEL'>): Logger {
  return pino(
    {
      level: settings.LOG_LEVEL,
      serializers,
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.writeKey'],
    },
    pino.destination(2),
  );
}

/**
 * What is logged of an error: its message, code and stack, and those of its causes. A driver hangs the connection on what it
 * throws, with the statement and the key by which it can be cancelled.
 */
function errorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name: type, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { type, message, ...code, stack, ...(cause === undefined ? {} : { cause: errorOf(cause) }) };
}
