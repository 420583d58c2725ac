import { z } from 'zod';

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine(value => value <= 65_535);

const url = (...protocols: readonly string[]) =>
  z.string().refine(value => {
    const parsed = tryUrl(value);
    return parsed !== null && protocols.includes(parsed.protocol);
  });

/** Addresses and networks (CIDR). How many proxies there are would not say whether a call came through one. */
const networks = z
  .string()
  .transform(text => text.split(',').map(part => part.trim()))
  .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])));

/** An address alone, or `Name <address>`; the domain may be a host of the own network, without a dot. */
const MAILBOX = /^(?:[^<>]*<[^\s@<>,]+@[^\s@<>,]+>|[^\s@<>,]+@[^\s@<>,]+)$/;

const smtpUrl = url('smtp:', 'smtps:').refine(value => {
  const parsed = tryUrl(value);
  if (parsed === null) return false;
  const from = parsed.searchParams.get('from');
  const isNamed = from === null || MAILBOX.test(from.trim());
  return isNamed && [parsed.username, parsed.password].every(isDecodable);
});

function isDecodable(part: string): boolean {
  try {
    return decodeURIComponent(part) !== undefined;
  } catch {
    return false;
  }
}

function tryUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Each variable: how it is read, what is expected (for the message), whether its value is a secret. */
const VARIABLES = {
  BATON_HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    expected: 'a host name or address',
    secret: false,
  },
  BATON_PORT: { schema: port.default(4800), expected: 'a port from 0 to 65535', secret: false },
  BATON_DATA_DIR: { schema: z.string().min(1).default('./baton-data'), expected: 'a folder', secret: false },
  DATABASE_URL: {
    schema: url('postgres:', 'postgresql:').optional(),
    expected: 'a URL such as postgresql://user:password@host:5432/baton',
    secret: true,
  },
  NATS_URL: {
    schema: url('nats:', 'tls:').optional(),
    expected: 'a URL such as nats://127.0.0.1:4222',
    secret: true,
  },
  BATON_URL: {
    schema: url('http:', 'https:').optional(),
    expected: 'a URL such as https://baton.company.com',
    secret: false,
  },
  BATON_TRUSTED_PROXIES: {
    schema: networks.optional(),
    expected: 'addresses and networks of proxies, such as 10.0.0.7, 172.16.0.0/12',
    secret: false,
  },
  SMTP_URL: {
    schema: smtpUrl.optional(),
    expected:
      'a URL such as smtp://user:password@mail.company.com:587?from=baton@company.com, where from, which may be left out, is an e-mail address',
    secret: true,
  },
  MAIL_FROM: {
    schema: z
      .string()
      .refine(value => MAILBOX.test(value.trim()))
      .optional(),
    expected: 'an e-mail address, or a name and one such as Acme <hello@acme.com>',
    secret: false,
  },
  SLACK_BOT_TOKEN: { schema: z.string().min(1).optional(), expected: 'a token such as xoxb-…', secret: true },
  SLACK_WEBHOOK_URL: {
    schema: url('https:', 'http:').optional(),
    expected: 'a URL such as https://hooks.slack.com/services/…',
    secret: true,
  },
  HUBSPOT_ACCESS_TOKEN: { schema: z.string().min(1).optional(), expected: 'a token', secret: true },
  HUBSPOT_CLIENT_SECRET: { schema: z.string().min(1).optional(), expected: 'a secret', secret: true },
  BATON_SECRET: { schema: z.string().min(32).optional(), expected: 'at least 32 characters', secret: true },
  BATON_WRITE_KEY: {
    schema: z.string().min(16).optional(),
    expected: 'at least 16 characters',
    secret: true,
  },
  BATON_PUBLIC_WRITE_KEY: {
    schema: z.string().min(16).optional(),
    expected: 'at least 16 characters',
    secret: true,
  },
  BATON_ADMIN_KEY: {
    schema: z.string().min(16).optional(),
    expected: 'at least 16 characters',
    secret: true,
  },
  LOG_LEVEL: { schema: z.enum(LEVELS).default('info'), expected: LEVELS.join(', '), secret: false },
} as const;

type Name = keyof typeof VARIABLES;

const schema = z.object({
  BATON_HOST: VARIABLES.BATON_HOST.schema,
  BATON_PORT: VARIABLES.BATON_PORT.schema,
  BATON_DATA_DIR: VARIABLES.BATON_DATA_DIR.schema,
  DATABASE_URL: VARIABLES.DATABASE_URL.schema,
  NATS_URL: VARIABLES.NATS_URL.schema,
  BATON_URL: VARIABLES.BATON_URL.schema,
  BATON_TRUSTED_PROXIES: VARIABLES.BATON_TRUSTED_PROXIES.schema,
  SMTP_URL: VARIABLES.SMTP_URL.schema,
  MAIL_FROM: VARIABLES.MAIL_FROM.schema,
  SLACK_BOT_TOKEN: VARIABLES.SLACK_BOT_TOKEN.schema,
  SLACK_WEBHOOK_URL: VARIABLES.SLACK_WEBHOOK_URL.schema,
  HUBSPOT_ACCESS_TOKEN: VARIABLES.HUBSPOT_ACCESS_TOKEN.schema,
  HUBSPOT_CLIENT_SECRET: VARIABLES.HUBSPOT_CLIENT_SECRET.schema,
  BATON_SECRET: VARIABLES.BATON_SECRET.schema,
  BATON_WRITE_KEY: VARIABLES.BATON_WRITE_KEY.schema,
  BATON_PUBLIC_WRITE_KEY: VARIABLES.BATON_PUBLIC_WRITE_KEY.schema,
  BATON_ADMIN_KEY: VARIABLES.BATON_ADMIN_KEY.schema,
  LOG_LEVEL: VARIABLES.LOG_LEVEL.schema,
});

export type Settings = z.output<typeof schema>;

/**
 * Reads the settings from environment variables; a variable set to nothing counts as not set. Every wrong one is
 * named with its value (secrets masked) and what was expected.
 *
 * @example readSettings({ BATON_PORT: 'x' }).problems // ['BATON_PORT is "x"; expected a port from 0 to 65535']
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
):
  | { readonly settings: Settings; readonly problems: null }
  | { readonly settings: null; readonly problems: readonly string[] } {
  const given = Object.fromEntries(
    Object.keys(VARIABLES).flatMap(name => {
      const value = environment[name];
      return value === undefined || value.trim() === '' ? [] : [[name, value]];
    }),
  );
  const read = schema.safeParse(given);
  if (read.success) return { settings: read.data, problems: null };
  const names = new Set(read.error.issues.map(issue => String(issue.path[0])));
  const problems = [...names].map(name => {
    const variable = isName(name) ? VARIABLES[name] : null;
    const value = variable?.secret === true ? '(secret, not shown)' : JSON.stringify(given[name]);
    return `${name} is ${value}; expected ${variable?.expected ?? 'nothing'}`;
  });
  return { settings: null, problems };
}

function isName(name: string): name is Name {
  return Object.hasOwn(VARIABLES, name);
}
