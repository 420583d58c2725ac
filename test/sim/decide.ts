import type { Doing } from '../../src/loop/actor.ts';
import { acceptLead } from '../../src/loop/decision/decision.ts';
import { rejectLead } from '../../src/loop/decision/rejection.ts';
import { moveWakeup, reopenLead, requalifyLead, stopTrack } from '../../src/loop/decision/reopening.ts';
import { logActivity } from '../../src/loop/followup/activity.ts';
import { handLeadBack, reassignLead } from '../../src/loop/followup/ownership.ts';
import { pauseDecision, resumeDecision } from '../../src/loop/followup/pause.ts';
import { chosen } from './chance.ts';
import type { Action, NodeNumber } from './plan.ts';
import { BY_ADMIN, chooseDoer } from './remit.ts';
import type { EpisodeSeen } from './snapshot.ts';
import { type Life, tickOf } from './world.ts';

type Decision = Extract<
  Action,
  {
    kind:
      | 'accept'
      | 'reopen'
      | 'touch'
      | 'reject'
      | 'reassign'
      | 'handback'
      | 'hold'
      | 'resume'
      | 'halt'
      | 'requalify'
      | 'wakeup';
  }
>;

/** Does something about a lead, by somebody who may. */
export async function decide(life: Life, node: NodeNumber, action: Decision): Promise<void> {
  const id = chosen(
    life.seen.episodes.filter(episode => isMeant(action, episode)),
    action.pick,
  )?.id;
  if (id === undefined) return;
  const admin = { ...BY_ADMIN, now: tickOf(life, node) };
  const attempt = (by: Doing) => decideAs(life, node, { action, id, by });
  const subject = { kind: 'lead', id } as const;
  await attempt(await chooseDoer(life, { admin, subject, pick: action.pick }, attempt));
}

async function decideAs(
  life: Life,
  node: NodeNumber,
  { action, id, by }: { readonly action: Decision; readonly id: string; readonly by: Doing },
): Promise<void> {
  const { app } = life.nodes[node];
  switch (action.kind) {
    case 'accept':
      return acceptLead(app, id, { note: null }, by);
    case 'reopen':
      return reopenLead(app, id, by);
    case 'reject': {
      const { reason, ms = null } = action;
      await rejectLead(app, id, { reason, note: null, until: ms === null ? null : by.now + ms }, by);
      return;
    }
    case 'halt':
      return halt(life, node, id, by);
    case 'requalify':
      await requalifyLead(app, id, { note: null }, by);
      return;
    case 'wakeup':
      return moveWakeup(app, id, { until: action.ms === null ? null : by.now + action.ms }, by);
    case 'reassign':
      return reassignLead(app, id, { ownerId: `rep${action.user}`, note: null }, by);
    case 'handback':
      return handLeadBack(app, id, { note: null }, by);
    case 'hold':
      return pauseDecision(app, id, { reason: 'sim', until: by.now + action.ms }, by);
    case 'resume':
      return resumeDecision(app, id, by);
    case 'touch':
      return logActivity(app, id, { kind: 'call', note: null, at: by.now }, by);
  }
}

/** Whether an action is about such an episode: what comes after a no is about those that were turned down. */
function isMeant({ kind }: Decision, { state }: EpisodeSeen): boolean {
  return kind === 'halt' || kind === 'requalify' || kind === 'wakeup' ? state === 'recycled' : true;
}

/** Stops a track, and notes that it was tried; a server that dies leaves open whether it was. */
async function halt(life: Life, node: NodeNumber, episodeId: string, by: Doing): Promise<void> {
  const deed = { episodeId, at: by.now, isDone: false };
  life.halts.push(deed);
  await stopTrack(life.nodes[node].app, episodeId, { note: null }, by);
  deed.isDone = true;
}
