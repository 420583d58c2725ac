import { z } from 'zod';
import { endpoint, type Role } from './endpoint.ts';
import {
  activityKind,
  alert,
  contactHead,
  delivery,
  done,
  episode,
  episodeHead,
  episodeState,
  id,
  instant,
  key,
  keyKind,
  page,
  paging,
  person,
  printedScore,
  rejectedCall,
  report,
  role,
  stage,
  team,
  timelineItem,
  user,
} from './shapes.ts';

const byId = z.object({ id });
const ADMIN: readonly Role[] = ['admin'];
const LEADS: readonly Role[] = ['admin', 'manager'];
const WORKERS: readonly Role[] = ['admin', 'manager', 'rep'];

const EPISODE_REFUSALS = { 404: 'No such episode.', 409: 'The episode is not in a state that allows this.' };
const NO_CONTACT = { 404: 'No such contact.' };

const session = {
  getSession: endpoint({
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in, and what a first visitor must do',
    tag: 'session',
    access: 'anyone',
    output: z.object({
      user: user.nullable(),
      /** True until the first admin exists; then `setUp` is refused. */
      setupNeeded: z.boolean(),
      /** On a demo: how much of its generated history has arrived. */
      demo: z.object({ loaded: z.number(), total: z.number() }).nullable(),
    }),
  }),
  setUp: endpoint({
    method: 'POST',
    path: '/api/setup',
    summary: 'Make the first admin and sign in',
    tag: 'session',
    access: 'anyone',
    body: z.strictObject({
      name: z.string().trim().min(1),
      email: z.email(),
      password: z.string().min(10).max(128),
    }),
    output: user,
    refusals: { 409: 'There is an admin already.' },
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/api/sign-in',
    summary: 'Sign in with e-mail and password; sets the session cookie',
    tag: 'session',
    access: 'anyone',
    body: z.strictObject({ email: z.email(), password: z.string().min(1).max(128) }),
    output: user,
    refusals: { 401: 'E-mail or password are wrong.' },
  }),
  signOut: endpoint({
    method: 'POST',
    path: '/api/sign-out',
    summary: 'Sign out; clears the session cookie',
    tag: 'session',
    access: 'anyone',
    output: done,
  }),
};

const work = {
  listQueue: endpoint({
    method: 'GET',
    path: '/api/queue',
    summary: 'Open episodes, SLA-due first',
    tag: 'work',
    access: 'signedIn',
    query: z.object({
      ...paging,
      owner: z.string().optional().describe('`me`, `none`, or a user id; all without it'),
    }),
    output: page(episodeHead).extend({
      counts: z.object({ mine: z.number(), unassigned: z.number(), all: z.number(), overdue: z.number() }),
    }),
  }),
  listEpisodes: endpoint({
    method: 'GET',
    path: '/api/episodes',
    summary: 'Episodes behind a figure of a report, newest handoff first',
    tag: 'work',
    access: 'signedIn',
    query: z.object({
      ...paging,
      from: instant.optional(),
      to: instant.optional(),
      outcome: z.enum(['accepted', 'rejected', 'open']).optional(),
      state: episodeState.optional(),
    }),
    output: page(episodeHead),
  }),
  getEpisode: endpoint({
    method: 'GET',
    path: '/api/episodes/{id}',
    summary: 'One episode with its frozen breakdown and activities',
    tag: 'work',
    access: 'signedIn',
    params: byId,
    output: episode,
    refusals: { 404: 'No such episode.' },
  }),
  acceptEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/accept',
    summary: 'Accept the lead: it becomes sales qualified',
    tag: 'work',
    access: WORKERS,
    params: byId,
    body: z.strictObject({ note: z.string().max(4000).optional() }),
    output: episode,
    refusals: EPISODE_REFUSALS,
  }),
  rejectEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/reject',
    summary: 'Reject the lead with one of the reasons of its agreement',
    tag: 'work',
    access: WORKERS,
    params: byId,
    body: z.strictObject({ reason: z.string().optional(), note: z.string().max(4000).optional() }),
    output: episode,
    refusals: { ...EPISODE_REFUSALS, 422: 'The reason is missing, unknown, or asks for a note.' },
  }),
  reopenEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/reopen',
    summary: 'Take an acceptance or rejection back: the episode is open again',
    tag: 'work',
    access: WORKERS,
    params: byId,
    output: episode,
    refusals: EPISODE_REFUSALS,
  }),
  addActivity: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/activities',
    summary: 'Log an activity; the first one is the first touch',
    tag: 'work',
    access: WORKERS,
    params: byId,
    body: z.strictObject({
      kind: activityKind,
      note: z.string().max(4000).optional(),
      at: instant.optional().describe('when it happened; now without it, never in the future'),
    }),
    output: episode,
    refusals: { ...EPISODE_REFUSALS, 422: 'The time lies in the future or before the handoff.' },
  }),
  reassignEpisode: endpoint({
    method: 'POST',
    path: '/api/episodes/{id}/reassign',
    summary: 'Give the lead to somebody else',
    tag: 'work',
    access: WORKERS,
    params: byId,
    body: z.strictObject({ ownerId: id, note: z.string().max(4000).optional() }),
    output: episode,
    refusals: { ...EPISODE_REFUSALS, 422: 'No such active user.' },
  }),
};

const contactItem = contactHead.extend({
  stage,
  total: z.number().nullable(),
  scores: z.record(z.string(), z.number()),
  grade: z.string().nullable(),
  owner: person.nullable(),
  createdAt: instant,
  lastSeenAt: instant.nullable(),
});

const contacts = {
  listContacts: endpoint({
    method: 'GET',
    path: '/api/contacts',
    summary: 'Contacts with their stage and score',
    tag: 'contacts',
    access: 'signedIn',
    query: z.object({
      ...paging,
      q: z.string().max(200).optional().describe('part of a name, e-mail address or company'),
      stage: stage.optional(),
      owner: z.string().optional().describe('`me` or a user id'),
      grade: z.string().max(20).optional(),
      minTotal: z.coerce.number().int().optional(),
      sort: z.enum(['-total', 'name', '-createdAt', '-lastSeenAt']).default('-total'),
    }),
    output: page(contactItem).extend({ count: z.number() }),
  }),
  getContact: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}',
    summary: 'A contact: profile, company, stage, score with its lines, episodes',
    tag: 'contacts',
    access: 'signedIn',
    params: byId,
    output: contactItem.extend({
      contact: z.record(z.string(), z.unknown()),
      companyProfile: z.record(z.string(), z.unknown()),
      firstMqlAt: instant.nullable(),
      score: printedScore,
      episodes: z.array(episode),
      /** Other identifiers this contact is known by: user ids, anonymous ids, addresses. */
      identities: z.array(z.object({ kind: z.enum(['user', 'anonymous', 'email']), value: z.string() })),
    }),
    refusals: NO_CONTACT,
  }),
  getContactScore: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/score',
    summary: 'The score of a contact as of any time',
    tag: 'contacts',
    access: 'signedIn',
    params: byId,
    query: z.object({
      at: instant.optional().describe('as of when; now without it'),
      knownAt: instant.optional().describe('only facts recorded up to then'),
      agreement: z.string().optional(),
      version: z.coerce.number().int().min(1).optional(),
    }),
    output: printedScore,
    refusals: { 404: 'No such contact, agreement or version.', 422: 'A time that cannot be read.' },
  }),
  listTimeline: endpoint({
    method: 'GET',
    path: '/api/contacts/{id}/timeline',
    summary: 'What happened to a contact, newest first',
    tag: 'contacts',
    access: 'signedIn',
    params: byId,
    query: z.object(paging),
    output: page(timelineItem),
    refusals: NO_CONTACT,
  }),
};

const agreementHead = z.object({
  id,
  name: z.string(),
  activeVersion: z.number().nullable(),
  versions: z.array(
    z.object({
      version: z.number(),
      createdAt: instant,
      activatedAt: instant.nullable(),
      createdBy: z.string(),
    }),
  ),
});

const agreements = {
  listAgreements: endpoint({
    method: 'GET',
    path: '/api/agreements',
    summary: 'Agreements with their versions; the first active one leads',
    tag: 'agreements',
    access: 'signedIn',
    output: page(agreementHead),
  }),
  getAgreementVersion: endpoint({
    method: 'GET',
    path: '/api/agreements/{id}/versions/{version}',
    summary: 'A version of an agreement: its source file and the same as data',
    tag: 'agreements',
    access: 'signedIn',
    params: z.object({ id, version: z.coerce.number().int().min(1) }),
    output: z.object({
      id,
      name: z.string(),
      version: z.number(),
      source: z.string(),
      /** The parsed file (plain data in the agreement format). */
      body: z.unknown(),
      createdAt: instant,
      activatedAt: instant.nullable(),
      createdBy: z.string(),
    }),
    refusals: { 404: 'No such agreement or version.' },
  }),
};

const reports = {
  getReport: endpoint({
    method: 'GET',
    path: '/api/reports/{report}',
    summary: 'Sales acceptance rate and MQL to SQL conversion by month of handoff',
    tag: 'reports',
    access: 'signedIn',
    params: z.object({ report: z.enum(['acceptance', 'conversion']) }),
    query: z.object({
      from: instant.optional(),
      to: instant.optional(),
      by: z.enum(['month', 'owner', 'source', 'path']).default('month'),
    }),
    output: report,
  }),
};

const inApp = {
  listAlerts: endpoint({
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts in the app for the person signed in, newest first',
    tag: 'alerts',
    access: 'signedIn',
    query: z.object({ ...paging, unread: z.stringbool().default(false) }),
    output: page(alert).extend({ unread: z.number() }),
  }),
  markAlertsRead: endpoint({
    method: 'POST',
    path: '/api/alerts/read',
    summary: 'Mark alerts as read: these, or all without ids',
    tag: 'alerts',
    access: 'signedIn',
    body: z.strictObject({ ids: z.array(id).optional() }),
    output: done,
  }),
};

const administration = {
  listUsers: endpoint({
    method: 'GET',
    path: '/api/users',
    summary: 'People with their roles',
    tag: 'administration',
    access: 'signedIn',
    output: page(user),
  }),
  createUser: endpoint({
    method: 'POST',
    path: '/api/users',
    summary: 'Add a person; the password is shown once and should be changed',
    tag: 'administration',
    access: ADMIN,
    body: z.strictObject({ name: z.string().trim().min(1), email: z.email(), role }),
    output: z.object({ user, password: z.string() }),
    refusals: { 409: 'Somebody has this e-mail address already.' },
  }),
  updateUser: endpoint({
    method: 'PATCH',
    path: '/api/users/{id}',
    summary: 'Change name, role, or whether a person may sign in',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    body: z.strictObject({
      name: z.string().trim().min(1).optional(),
      role: role.optional(),
      active: z.boolean().optional(),
    }),
    output: user,
    refusals: { 404: 'No such user.', 409: 'The last active admin cannot be changed or switched off.' },
  }),
  changePassword: endpoint({
    method: 'POST',
    path: '/api/password',
    summary: 'Change the own password',
    tag: 'session',
    access: 'signedIn',
    body: z.strictObject({ current: z.string(), next: z.string().min(10).max(128) }),
    output: done,
    refusals: { 422: 'The current password is wrong.' },
  }),
  listKeys: endpoint({
    method: 'GET',
    path: '/api/keys',
    summary: 'Write keys and API keys',
    tag: 'administration',
    access: ADMIN,
    output: page(key),
  }),
  createKey: endpoint({
    method: 'POST',
    path: '/api/keys',
    summary: 'Make a key; the secret is in the answer and never shown again',
    tag: 'administration',
    access: ADMIN,
    body: z
      .strictObject({ name: z.string().trim().min(1).max(100), kind: keyKind, role: role.optional() })
      .refine(body => (body.kind === 'api') === (body.role !== undefined), {
        path: ['role'],
        message: 'expected a role for an api key, and none for a write key',
      }),
    output: z.object({ key, secret: z.string() }),
  }),
  deleteKey: endpoint({
    method: 'DELETE',
    path: '/api/keys/{id}',
    summary: 'Revoke a key at once',
    tag: 'administration',
    access: ADMIN,
    params: byId,
    output: done,
    refusals: { 404: 'No such key.' },
  }),
  listTeams: endpoint({
    method: 'GET',
    path: '/api/teams',
    summary: 'Teams that routing names, with their members',
    tag: 'administration',
    access: 'signedIn',
    output: page(team),
  }),
  saveTeam: endpoint({
    method: 'PUT',
    path: '/api/teams/{name}',
    summary: 'Make a team or set its members',
    tag: 'administration',
    access: LEADS,
    params: z.object({ name: z.string().regex(/^[a-z][a-z0-9_]*$/) }),
    body: z.strictObject({
      label: z.string().trim().min(1).max(100),
      members: z
        .array(z.strictObject({ userId: id, weight: z.number().positive().max(100).default(1) }))
        .max(500),
    }),
    output: team,
    refusals: { 422: 'A member is no active user.' },
  }),
  listRejected: endpoint({
    method: 'GET',
    path: '/api/rejected',
    summary: 'Calls that could not be used, with the reason, newest first',
    tag: 'administration',
    access: ['admin', 'marketing'],
    query: z.object(paging),
    output: page(rejectedCall),
  }),
  replayRejected: endpoint({
    method: 'POST',
    path: '/api/rejected/{id}/replay',
    summary: 'Take a rejected call in again, changed or as it was',
    tag: 'administration',
    access: ['admin', 'marketing'],
    params: byId,
    body: z.strictObject({ call: z.record(z.string(), z.unknown()).optional() }),
    output: rejectedCall,
    refusals: { 404: 'No such call.', 422: 'The call still cannot be used.' },
  }),
  listDeliveries: endpoint({
    method: 'GET',
    path: '/api/deliveries',
    summary: 'Alerts sent and waiting, and those that failed',
    tag: 'administration',
    access: LEADS,
    query: z.object({ ...paging, state: z.enum(['waiting', 'sent', 'failed']).optional() }),
    output: page(delivery),
  }),
  retryDelivery: endpoint({
    method: 'POST',
    path: '/api/deliveries/{id}/retry',
    summary: 'Send a failed delivery again',
    tag: 'administration',
    access: LEADS,
    params: byId,
    output: done,
    refusals: { 404: 'No such delivery.' },
  }),
};

/** Every endpoint of the API by the name that handlers and clients use. The stream is described in `stream.ts`. */
export const api = {
  ...session,
  ...work,
  ...contacts,
  ...agreements,
  ...reports,
  ...inApp,
  ...administration,
};
export type Api = typeof api;
export type EndpointName = keyof Api;
