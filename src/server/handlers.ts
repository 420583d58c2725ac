import { getAgreementVersion, getScoring, listAgreements } from './agreement.ts';
import { listAlerts, markAlertsRead } from './alert.ts';
import { acceptEpisode, addActivity, rejectEpisode, reopenEpisode } from './api/decision.ts';
import { getDelivery, listChannels, listDeliveries, retryDeliveries, retryDelivery } from './api/delivery.ts';
import { getEpisode } from './api/episode.ts';
import { classEvent } from './api/eventclass.ts';
import { handBackEpisode, reassignEpisode, takeEpisode } from './api/ownership.ts';
import { deleteTeam, listTeams, saveTeam } from './api/team.ts';
import { scoreOfContact } from './asof.ts';
import { addTimeOff, deleteTimeOff, getAvailability, saveAvailability } from './availability.ts';
import {
  getLikeness,
  keepLikenessApart,
  listLikenesses,
  mergeLikeness,
  reopenLikeness,
  undoMerge,
} from './comparison.ts';
import { makeContactHandlers } from './contact.ts';
import { getDoctor } from './doctor.ts';
import {
  closeException,
  completeException,
  getException,
  listExceptions,
  retryException,
  takeException,
} from './exceptiondesk.ts';
import { explainContact, getContactChanges, getContactCourse } from './explain.ts';
import type { Handlers } from './handler/handler.ts';
import { createKey, deleteKey, listKeys } from './key.ts';
import { getLeakage } from './leakage.ts';
import { getEpisodeRouting, getTeamLedger } from './ledger.ts';
import { getPreference, savePreference, testPreference } from './preference.ts';
import { listEpisodes, listQueue } from './queue.ts';
import { listRejected, replayRejected } from './rejected.ts';
import { getReport } from './report.ts';
import { changePassword, getSession, setUp, signIn, signOut } from './signin.ts';
import { createUser, listUsers, updateUser } from './user.ts';
import {
  createWebhook,
  deleteWebhook,
  enableWebhook,
  listWebhookDeliveries,
  listWebhooks,
  rotateWebhook,
  testWebhook,
  updateWebhook,
} from './webhook.ts';
import { askWhatIf } from './whatif.ts';

/** The handler of every endpoint; the compiler refuses a missing one. */
export const handlers: Handlers = {
  ...makeContactHandlers({ scoreOf: scoreOfContact, explain: explainContact }),
  acceptEpisode,
  addActivity,
  addTimeOff,
  askWhatIf,
  changePassword,
  closeException,
  completeException,
  classEvent,
  createKey,
  createUser,
  deleteKey,
  deleteTeam,
  deleteTimeOff,
  getAvailability,
  getEpisodeRouting,
  getTeamLedger,
  saveAvailability,
  getAgreementVersion,
  getContactChanges,
  getContactCourse,
  getDoctor,
  getEpisode,
  getException,
  getLeakage,
  getLikeness,
  keepLikenessApart,
  getPreference,
  getReport,
  getScoring,
  getSession,
  listAgreements,
  listAlerts,
  listDeliveries,
  handBackEpisode,
  listEpisodes,
  listExceptions,
  listLikenesses,
  listKeys,
  listQueue,
  listRejected,
  listTeams,
  listUsers,
  markAlertsRead,
  mergeLikeness,
  reassignEpisode,
  rejectEpisode,
  reopenEpisode,
  reopenLikeness,
  replayRejected,
  createWebhook,
  deleteWebhook,
  enableWebhook,
  getDelivery,
  listChannels,
  listWebhookDeliveries,
  listWebhooks,
  retryDeliveries,
  retryDelivery,
  rotateWebhook,
  testWebhook,
  updateWebhook,
  savePreference,
  retryException,
  saveTeam,
  setUp,
  signIn,
  signOut,
  takeEpisode,
  takeException,
  testPreference,
  undoMerge,
  updateUser,
};
