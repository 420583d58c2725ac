import { getAgreementVersion, getScoring, listAgreements } from './agreement.ts';
import { listAlerts, markAlertsRead } from './alert.ts';
import type { Handlers } from './app.ts';
import { scoreOfContact } from './asof.ts';
import { makeContactHandlers } from './contact.ts';
import { acceptEpisode, addActivity, reassignEpisode, rejectEpisode, reopenEpisode } from './episode.ts';
import { classEvent } from './eventclass.ts';
import { explainContact, getContactChanges, getContactCourse } from './explain.ts';
import { createKey, deleteKey, listKeys } from './key.ts';
import { listDeliveries, retryDelivery } from './outbox.ts';
import { getEpisode, listEpisodes, listQueue } from './queue.ts';
import { listRejected, replayRejected } from './rejected.ts';
import { getReport } from './report.ts';
import { changePassword, getSession, setUp, signIn, signOut } from './signin.ts';
import { listTeams, saveTeam } from './team.ts';
import { createUser, listUsers, updateUser } from './user.ts';

/** The handler of every endpoint; the compiler refuses a missing one. */
export const handlers: Handlers = {
  ...makeContactHandlers({ scoreOf: scoreOfContact, explain: explainContact }),
  acceptEpisode,
  addActivity,
  changePassword,
  classEvent,
  createKey,
  createUser,
  deleteKey,
  getAgreementVersion,
  getContactChanges,
  getContactCourse,
  getEpisode,
  getReport,
  getScoring,
  getSession,
  listAgreements,
  listAlerts,
  listDeliveries,
  listEpisodes,
  listKeys,
  listQueue,
  listRejected,
  listTeams,
  listUsers,
  markAlertsRead,
  reassignEpisode,
  rejectEpisode,
  reopenEpisode,
  replayRejected,
  retryDelivery,
  saveTeam,
  setUp,
  signIn,
  signOut,
  updateUser,
};
