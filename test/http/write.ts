import type { Api, WriteEndpointName } from '../../src/contract/api.ts';
import { saveView } from '../../src/db/access/view.ts';
import { addRejected } from '../../src/db/intake/rejected.ts';
import { registerWebhook } from '../../src/loop/delivery/subscription.ts';
import { mergeReviewed } from '../../src/loop/duplicate/review.ts';
import { sweepDuplicates } from '../../src/loop/duplicate/sweep.ts';
import { raiseExceptions } from '../../src/loop/exception/exception.ts';
import { pauseDecision } from '../../src/loop/followup/pause.ts';
import { snoozeLead } from '../../src/loop/followup/snooze.ts';
import { stopLetters } from '../../src/loop/letter/consent.ts';
import { moveDeal, openDeal } from '../../src/loop/opportunity/opportunity.ts';
import { addEntry, finishEntry } from '../../src/loop/review/entry.ts';
import { bookTimeOff } from '../../src/loop/routing/availability.ts';
import { AGREEMENT } from '../loop/agreement.ts';
import type { Story } from '../loop/story.ts';
import { addAlert } from '../world/seed.ts';

/** When these writes are done. */
export const NOW = Date.parse('2026-03-02T10:00:00Z');

/** Who does them: an admin, who may do all of them. */
export const ADA = { id: 'ada', name: 'Ada', role: 'admin' } as const;

/** An agreement under which a lead waits for somebody until enough is known of it. */
export const BY_COUNTRY = {
  ...AGREEMENT,
  routing: [
    {
      id: 'big',
      label: 'Big companies in the UK',
      when: { 'contact.country': 'UK', 'company.employees': { gte: 10 } },
      to: { team: 'sales' },
    },
    { fallback: 'queue' },
  ],
};

/** The writes that take an `Idempotency-Key`. */
export type KeyedName = {
  [Name in WriteEndpointName]: Api[Name] extends { readonly idempotency: 'none' } ? never : Name;
}[WriteEndpointName];

/** The parts of a call that are not in the contract. */
interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const BY = { actor: ADA.name, userId: ADA.id, now: NOW };

const MARCH = { kind: 'monthly', key: '2026-03' } as const;

function writeTodo({ app }: Story) {
  return addEntry(app, MARCH, { kind: 'todo', text: 'Look at the webinar list' }, BY);
}

/** A call of each write that takes a key, after what makes it possible. A write that is new to the contract must be added. */
export const WRITES: { readonly [Name in KeyedName]: (story: Story) => Promise<Asked> } = {
  beginUpload: async () => ({ body: { name: 'leads.csv', bytes: 10 } }),
  createUser: async () => ({ body: { name: 'Eve Lin', email: 'eve@acme.example', role: 'rep' } }),
  updateUser: async () => ({ params: { id: 'bob' }, body: { active: false } }),
  resetPassword: async () => ({ params: { id: 'bob' } }),
  inviteUser: async () => ({ params: { id: 'bob' } }),
  saveFirstSteps: async () => ({ body: { isDone: true } }),
  applyAgreement: async () => ({ body: { source: JSON.stringify(BY_COUNTRY) } }),
  createKey: async () => ({ body: { name: 'CRM', kind: 'api', role: 'rep' } }),
  deleteKey: async story => {
    const id = story.app.newId();
    await story.query(
      {},
      `insert into access_key (id, kind, name, prefix, hash, created_at) values ($1, 'server', 'Old', 'bt_', 'x', now())`,
      id,
    );
    return { params: { id } };
  },
  savePermissions: async () => ({ body: { reviewDuplicates: true, classEvents: false, replayCalls: false } }),
  saveIntake: async () => ({
    body: {
      oldestYears: 5,
      mailEvents: [{ name: 'Nudge Tapped', kind: 'clicked' }],
      freeDomains: ['ziggo.example'],
      businessDomains: [],
    },
  }),
  replayRejected: async story => {
    const id = story.app.newId();
    const call = { type: 'track', userId: 'u7', event: 'Demo Requested' };
    const refused = { id, reason: 'it was refused', problems: [], call };
    await addRejected(story.db, [refused], { now: NOW, keyId: story.app.newId(), trust: 'server', most: 1 });
    return { params: { id } };
  },

  markAlertsRead: async story => {
    await addAlert(story.db, { userId: ADA.id, at: NOW });
    return { body: {} };
  },
  savePreference: async () => ({
    body: {
      timezone: 'Europe/London',
      channels: { leads: ['in_app'], signals: [], exceptions: ['in_app'], team: [] },
      digest: { every: 'off' },
    },
  }),
  testPreference: async () => ({ body: { channels: ['in_app'] } }),
  createView: async () => ({ body: { page: 'queue', name: 'Late', query: 'overdue=yes' } }),
  deleteView: async story => {
    const view = { id: story.app.newId(), userId: ADA.id, page: 'queue', name: 'Late', query: 'overdue=yes' };
    await saveView(story.db, { ...view, createdAt: NOW });
    return { params: { id: view.id } };
  },

  addReviewEntry: async () => ({
    params: MARCH,
    body: { kind: 'todo', text: 'Look at the webinar list' },
  }),
  finishReviewEntry: async story => ({ params: { ...MARCH, id: (await writeTodo(story)).id } }),
  reopenReviewEntry: async story => {
    const { id } = await writeTodo(story);
    await finishEntry(story.app, MARCH, id, BY);
    return { params: { ...MARCH, id } };
  },
  deleteReviewEntry: async story => ({ params: { ...MARCH, id: (await writeTodo(story)).id } }),

  testLetter: async story => {
    await story.query(
      {},
      `update agreement_version
       set body = (body::jsonb || '{"templates": {"hello": {"subject": "Hi", "text": "Hi"}}}')::json, version = 9`,
    );
    return { params: { id: 'core', version: '9' }, body: { template: 'hello' } };
  },
  stopLetters: async story => {
    await lead(story);
    return { params: { id: (await story.see('u1')).id }, body: { note: 'Said so on the phone' } };
  },
  allowLetters: async story => {
    await lead(story);
    const { id } = await story.see('u1');
    await stopLetters(story.app, id, { note: null }, BY);
    return { params: { id }, body: { kind: 'opted_out', note: 'Asked for the price list' } };
  },
  createContact: async () => ({ body: { email: 'eve@new.example', name: 'Eve Lin' } }),
  acceptEpisode: async story => ({ params: await lead(story), body: {} }),
  saveQualification: async story => ({
    params: await lead(story),
    body: { answers: { need: { value: 'A plan by May' }, budget: { unknown: true } } },
  }),
  openOpportunity: async story => {
    const params = await lead(story);
    await story.accept('u1');
    return { params, body: { name: 'Acme', amount: 12_000, currency: 'EUR', expectedCloseAt: '2026-06-30' } };
  },
  correctOpportunity: async story => ({ params: await deal(story), body: { name: 'Acme Ltd' } }),
  dropOpportunity: async story => ({ params: await deal(story) }),
  moveOpportunity: async story => ({
    params: await deal(story),
    body: { stage: 'won', amount: 9_000, currency: 'EUR', reason: 'Fast start' },
  }),
  reopenOpportunity: async story => {
    const params = await deal(story);
    await moveDeal(story.app, params.id, { stage: 'lost', reason: 'Price' }, BY);
    return { params, body: { note: 'They called back' } };
  },
  rejectEpisode: async story => ({ params: await lead(story), body: { reason: 'timing' } }),
  reopenEpisode: async story => {
    const params = await lead(story);
    await story.accept('u1');
    return { params };
  },
  finishEpisode: async story => {
    const params = await lead(story);
    await story.query({}, `update episode set disqualifier = 'customer', disqualifier_label = 'A customer'`);
    return { params, body: { note: 'Renewed' } };
  },
  requalifyEpisode: async story => {
    const params = await lead(story);
    await story.reject('u1', 'timing');
    return { params, body: {} };
  },
  stopNurture: async story => {
    const params = await lead(story);
    await story.reject('u1', 'timing');
    await story.query(
      {},
      `insert into nurture (id, episode_id, track, track_label, entered_at, next_step_at)
       values ($1, $2, 'later', 'Later', now(), now() + interval '1 year')`,
      story.app.newId(),
      params.id,
    );
    return { params, body: {} };
  },
  moveWakeup: async story => {
    const params = await lead(story);
    await story.reject('u1', 'timing');
    return { params, body: { until: new Date(NOW + 86_400_000).toISOString() } };
  },
  addActivity: async story => ({ params: await lead(story), body: { kind: 'call', note: 'Left a word' } }),
  reassignEpisodes: async story => ({ body: { ids: [(await lead(story)).id], ownerId: 'bob' } }),
  snoozeEpisode: async story => {
    const params = await lead(story);
    return { params, body: { until: new Date(NOW + 3_600_000).toISOString(), note: 'After lunch' } };
  },
  wakeEpisode: async story => {
    const params = await lead(story);
    await snoozeLead(story.app, params.id, { until: NOW + 3_600_000, note: null }, BY);
    return { params };
  },
  pauseEpisode: async story => ({
    params: await lead(story),
    body: { reason: 'Procurement', until: '2026-03-03T10:00:00Z' },
  }),
  resumeEpisode: async story => {
    const params = await lead(story);
    await pauseDecision(story.app, params.id, { reason: 'Procurement', until: NOW + 3_600_000 }, BY);
    return { params };
  },
  reassignEpisode: async story => ({ params: await lead(story), body: { ownerId: 'bob' } }),
  takeEpisode: async story => ({ params: await lead(story), body: {} }),
  handBackEpisode: async story => ({ params: await lead(story), body: {} }),
  updateContact: async story => {
    await lead(story);
    return { params: { id: (await story.see('u1')).id }, body: { title: 'CFO' } };
  },
  proposeDuplicate: async story => {
    await lead(story);
    await story.call({ type: 'identify', userId: 'u5', traits: { name: 'Eve' } });
    const contactIds = [(await story.see('u1')).id, (await story.see('u5')).id];
    return { body: { contactIds, because: 'one address' } };
  },
  giveContacts: async story => {
    await lead(story);
    return { body: { contactIds: [(await story.see('u1')).id], ownerId: 'bob' } };
  },
  correctContacts: async story => {
    await lead(story);
    return { body: { contactIds: [(await story.see('u1')).id], values: { title: 'CFO' } } };
  },
  classEvent: async story => {
    await lead(story);
    const [event] = await story.query({ id: 'int8', contact_id: 'uuid' }, 'select id, contact_id from event');
    return {
      params: { id: event?.contact_id ?? '', eventId: String(event?.id) },
      body: { machine: true },
    };
  },

  takeException: async story => {
    await ask(story, 'u1', {});
    return { params: await exception(story), body: { ownerId: 'bob' } };
  },
  retryException: async story => {
    await story.query({}, 'delete from team_member');
    await lead(story);
    await story.query(
      {},
      `insert into team_member (team, user_id, weight, pass) values ('sales', 'ann', 1, 0)`,
    );
    return { params: await exception(story) };
  },
  completeException: async story => {
    await ask(story, 'u1', { country: 'UK' });
    return { params: await exception(story), body: { values: { 'company.employees': 50 } } };
  },
  partException: async story => {
    await story.call([
      { type: 'identify', userId: 'u8' },
      { type: 'identify', userId: 'u9', traits: { email: 'joined@acme.com' } },
    ]);
    await story.call({ type: 'identify', userId: 'u8', traits: { email: 'joined@acme.com' } });
    const identity = { kind: 'email', value: 'joined@acme.com' };
    const trouble = {
      kind: 'breach',
      reason: 'joins_too_many',
      subject: { kind: 'identity', identity },
      detail: 'too many',
      particulars: { identity },
      at: NOW,
    } as const;
    await story.db.transaction(sql => raiseExceptions(sql, story.app, [trouble]));
    return { params: await exception(story) };
  },
  closeException: async story => {
    const subject = { kind: 'delivery', recipient: { kind: 'slackChannel', name: '#sales' } } as const;
    const trouble = {
      kind: 'delivery',
      reason: 'recipient_gone',
      subject,
      detail: 'archived',
      at: NOW,
    } as const;
    await story.db.transaction(sql => raiseExceptions(sql, story.app, [trouble]));
    return { params: await exception(story), body: { note: 'A new channel' } };
  },

  mergeDuplicate: async story => {
    const { id, a_id: into } = await pair(story);
    return { params: { id }, body: { into } };
  },
  keepDuplicateApart: async story => ({ params: { id: (await pair(story)).id }, body: { note: 'Sisters' } }),
  reopenDuplicate: async story => {
    const { id } = await pair(story);
    await story.query({}, `update likeness set state = 'apart', decided_at = now(), decided_by = 'Ada'`);
    return { params: { id } };
  },
  undoMerge: async story => {
    const { id, a_id: into } = await pair(story);
    await mergeReviewed(story.app, { likenessId: id, into }, BY);
    const [merge] = await story.query({ id: 'uuid' }, 'select id from contact_merge');
    return { params: { id: merge?.id ?? '' } };
  },

  retryDelivery: async story => ({ params: { id: await failedMessage(story) } }),
  retryDeliveries: async story => {
    await failedMessage(story);
    return { body: { state: 'failed' } };
  },
  createWebhook: async () => ({ body: { url: 'https://crm.acme.example/hook' } }),
  updateWebhook: async story => ({ params: await webhook(story), body: { description: 'CRM' } }),
  deleteWebhook: async story => ({ params: await webhook(story) }),
  enableWebhook: async story => {
    const params = await webhook(story);
    await story.query({}, `update webhook set disabled_at = now(), disabled_because = 'it was off'`);
    return { params };
  },
  rotateWebhook: async story => ({ params: await webhook(story) }),
  testWebhook: async story => ({ params: await webhook(story) }),

  saveTeam: async () => ({
    params: { name: 'north' },
    body: { label: 'North', members: [{ userId: 'ann' }] },
  }),
  deleteTeam: async story => {
    await story.query({}, `insert into team (name, label) values ('south', 'South')`);
    return { params: { name: 'south' } };
  },
  saveAvailability: async () => ({
    params: { id: 'ann' },
    body: { timezone: 'Europe/London', hours: null, paused: true, pausedNote: 'A course' },
  }),
  addTimeOff: async () => ({
    params: { id: 'ann' },
    body: { from: '2026-03-09T00:00:00Z', to: '2026-03-10T00:00:00Z' },
  }),
  deleteTimeOff: async story => {
    const period = { from: NOW, to: NOW + 3_600_000, note: null };
    return { params: { id: await bookTimeOff(story.app, 'ann', period, BY) } };
  },
};

async function ask(story: Story, userId: string, traits: object): Promise<void> {
  await story.call([
    {
      type: 'identify',
      userId,
      traits: { email: `${userId}@firm.example`, title: 'VP', name: userId, ...traits },
    },
    { type: 'track', userId, event: 'Demo Requested' },
  ]);
}

/** Has a lead handed over of which enough is known, and gives the parameters that name its episode. */
async function lead(story: Story) {
  await ask(story, 'u1', { country: 'UK', company: { name: 'Firm', employees: 50 } });
  const [episode] = (await story.see('u1')).episodes;
  return { id: episode?.id ?? '' };
}

/** Has a lead become an opportunity, and gives the parameters that name its episode. */
async function deal(story: Story) {
  const params = await lead(story);
  await story.accept('u1');
  await openDeal(story.app, params.id, { name: 'Acme', amount: 12_000, currency: 'EUR' }, BY);
  return params;
}

async function exception(story: Story) {
  const [row] = await story.query({ id: 'uuid' }, 'select id from exception where closed_at is null');
  return { id: row?.id ?? '' };
}

async function pair(story: Story) {
  await story.call([
    { type: 'identify', userId: 'u1', traits: { email: 'ann.lee@acme.com', name: 'Ann Lee' } },
    { type: 'identify', userId: 'u2', traits: { email: 'ann.lee+trial@acme.com', name: 'Ann Lee' } },
  ]);
  while ((await sweepDuplicates(story.app, NOW)).contactIds.length > 0);
  const [row] = await story.query({ id: 'uuid', a_id: 'uuid' }, 'select id, a_id from likeness');
  if (row === undefined) throw new Error('no pair was found');
  return row;
}

async function failedMessage(story: Story): Promise<string> {
  await lead(story);
  const [row] = await story.query(
    { id: 'uuid' },
    `update outbox set state = 'failed', next_attempt_at = null, last_error = 'it failed' returning id`,
  );
  return row?.id ?? '';
}

async function webhook(story: Story) {
  const wanted = { url: 'https://crm.acme.example/', description: '', eventTypes: [], allowPrivate: false };
  const { id } = await registerWebhook(story.app, wanted, BY);
  return { id };
}
