import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import type { Database } from '../../src/db/database.ts';
import type { App, Handlers } from '../../src/server/app.ts';
import { AppError } from '../../src/server/apperror.ts';
import { buildServer, type ServerParts } from '../../src/server/http.ts';
import { makeHub, type OpenHub } from '../../src/server/hub.ts';
import { createKey, deleteKey, listKeys } from '../../src/server/key.ts';
import { readSettings } from '../../src/server/settings.ts';
import { changePassword, getSession, setUp, signIn, signOut } from '../../src/server/signin.ts';
import { listTeams, saveTeam } from '../../src/server/team.ts';
import { createUser, listUsers, updateUser } from '../../src/server/user.ts';

const absent = async (): Promise<never> => {
  throw new AppError('notFound', 'This test has no such handler.');
};

/** The handlers of sign-in and administration; every other endpoint answers 404. */
export const ADMINISTRATION: Handlers = {
  getSession,
  setUp,
  signIn,
  signOut,
  changePassword,
  listUsers,
  createUser,
  updateUser,
  listKeys,
  createKey,
  deleteKey,
  listTeams,
  saveTeam,
  listQueue: absent,
  listEpisodes: absent,
  getEpisode: absent,
  acceptEpisode: absent,
  rejectEpisode: absent,
  reopenEpisode: absent,
  addActivity: absent,
  reassignEpisode: absent,
  listContacts: absent,
  getContact: absent,
  getContactScore: absent,
  getContactChanges: absent,
  getContactCourse: absent,
  listTimeline: absent,
  classEvent: absent,
  listAgreements: absent,
  getAgreementVersion: absent,
  getScoring: absent,
  getReport: absent,
  listAlerts: absent,
  markAlertsRead: absent,
  listRejected: absent,
  replayRejected: absent,
  listDeliveries: absent,
  retryDelivery: absent,
};

/** A node of Baton in a test: its clock stands still until it is moved. */
export interface Started {
  readonly app: App;
  readonly server: FastifyInstance;
  readonly move: (ms: number) => void;
  readonly logged: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts a node on a database, with `environment` for settings; it listens to no port. */
export async function startNode(
  db: Database,
  {
    environment = {},
    handlers = {},
    intake = async () => {},
    ...parts
  }: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly handlers?: Partial<Handlers>;
    readonly intake?: ServerParts['intake'];
    readonly webFolder?: string;
    readonly heartbeatMs?: number;
  } = {},
): Promise<Started> {
  const { settings, problems } = readSettings(environment);
  if (problems !== null) throw new Error(problems.join('; '));
  const logged: string[] = [];
  const log: Logger = pino({ level: 'warn' }, { write: line => void logged.push(line) });
  const hub: OpenHub = await makeHub(db, log);
  let now = Date.now();
  const app: App = { db, clock: () => now, settings, log, hub, demo: () => null };
  const server = await buildServer({ app, handlers: { ...ADMINISTRATION, ...handlers }, intake, ...parts });
  return {
    app,
    server,
    logged,
    move: ms => {
      now += ms;
    },
    close: async () => {
      await server.close();
      await hub.close();
    },
  };
}

/** Empties the tables of people, keys and teams. */
export async function clearPeople(db: Database): Promise<void> {
  await db.script(
    'truncate app_user, user_session, credential, access_key, setting, team, team_member, idempotent_reply cascade',
  );
}

/** What a browser sends back of the cookies that an answer has set. */
export function cookieOf(answer: { readonly headers: Readonly<Record<string, unknown>> }): string {
  const given = answer.headers['set-cookie'];
  const cookies = Array.isArray(given) ? given.map(String) : given === undefined ? [] : [String(given)];
  return cookies.map(cookie => cookie.split(';')[0]).join('; ');
}
