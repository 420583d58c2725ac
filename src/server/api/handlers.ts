import { scoreOfContact } from '../../loop/scoring/asof.ts';
import { getFirstSteps, saveFirstSteps } from '../access/firststep.ts';
import { createKey, deleteKey, listKeys } from '../access/key.ts';
import { followLink, inviteUser, readLink, requestReset } from '../access/link.ts';
import { getPermissions, savePermissions } from '../access/permission.ts';
import { changePassword, getSession, setUp, signIn, signOut } from '../access/signin.ts';
import { createUser, listUsers, resetPassword, updateUser } from '../access/user.ts';
import type { Handlers } from '../handler/handler.ts';
import { getDoctor } from '../operation/doctor.ts';
import { getAcceptance, getAcceptanceFile } from '../report/acceptance.ts';
import { getCohorts, getCohortsFile } from '../report/cohort.ts';
import { getConversion, getConversionFile } from '../report/conversion.ts';
import { getVelocityRate, getVelocityRateFile } from '../report/growth.ts';
import { getScoreHealth, getScoreHealthFile } from '../report/health.ts';
import { getLeakage, getLeakageFile } from '../report/leakage.ts';
import { getRejections, getRejectionsFile } from '../report/rejection.ts';
import { getSla, getSlaFile } from '../report/sla.ts';
import { getSources, getSourcesFile } from '../report/source.ts';
import { getVelocity, getVelocityFile } from '../report/velocity.ts';
import {
  addReviewEntry,
  deleteReviewEntry,
  finishReviewEntry,
  getReview,
  getReviewFile,
  listReviews,
  reopenReviewEntry,
} from '../review/review.ts';
import {
  applyAgreement,
  getAgreementVersion,
  getScoring,
  listAgreements,
  planAgreement,
} from './agreement.ts';
import { listAlerts, markAlertsRead } from './alert.ts';
import { addTimeOff, deleteTimeOff, getAvailability, saveAvailability } from './availability.ts';
import {
  correctMany,
  createContact,
  getContactFile,
  giveContacts,
  listContactValues,
  makeContactHandlers,
} from './contact.ts';
import {
  acceptEpisode,
  addActivity,
  correctOpportunity,
  dropOpportunity,
  finishEpisode,
  listReasons,
  moveOpportunity,
  openOpportunity,
  rejectEpisode,
  reopenEpisode,
  reopenOpportunity,
  requalifyEpisode,
  saveQualification,
} from './decision.ts';
import { getDelivery, listChannels, listDeliveries, retryDeliveries, retryDelivery } from './delivery.ts';
import {
  getDuplicate,
  keepDuplicateApart,
  listDuplicates,
  mergeDuplicate,
  proposeDuplicate,
  reopenDuplicate,
  undoMerge,
} from './duplicate.ts';
import { getEpisode } from './episode.ts';
import {
  closeException,
  completeException,
  getException,
  listExceptions,
  partException,
  retryException,
  takeException,
} from './exception.ts';
import { explainContact, getContactChanges, getContactCourse } from './explanation.ts';
import {
  beginUpload,
  getImport,
  getImportErrorFile,
  listImportErrors,
  listImports,
  previewImport,
  sendPart,
  startImport,
  undoImport,
} from './import.ts';
import { getIntake, listRejected, replayRejected, saveIntake } from './intake.ts';
import { getEpisodeRouting, getTeamLedger } from './ledger.ts';

import { allowLetters, listLetters, previewLetters, stopLetters, testLetter } from './letter.ts';
import { listNurture, listWakeups, moveWakeup, stopNurture } from './nurture.ts';
import {
  handBackEpisode,
  reassignEpisode,
  reassignEpisodes,
  snoozeEpisode,
  takeEpisode,
  wakeEpisode,
} from './ownership.ts';
import { getRuler, pauseEpisode, resumeEpisode } from './pause.ts';
import { getPreference, savePreference, testPreference } from './preference.ts';
import { getBoard, listColdLeads, listDecidedLeads, listEpisodes, listQueue } from './queue.ts';
import { deleteTeam, listTeams, saveTeam } from './team.ts';
import { classEvent } from './timeline.ts';
import { createView, deleteView, listViews } from './view.ts';
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
  saveQualification,
  openOpportunity,
  correctOpportunity,
  dropOpportunity,
  moveOpportunity,
  reopenOpportunity,
  addActivity,
  addTimeOff,
  askWhatIf,
  changePassword,
  closeException,
  partException,
  completeException,
  classEvent,
  createContact,
  correctContacts: correctMany,
  giveContacts,
  createKey,
  createUser,
  deleteKey,
  followLink,
  getFirstSteps,
  getPermissions,
  savePermissions,
  getIntake,
  saveIntake,
  deleteTeam,
  deleteTimeOff,
  getAvailability,
  getEpisodeRouting,
  getTeamLedger,
  saveAvailability,
  getAgreementVersion,
  getContactChanges,
  getContactFile,
  getContactCourse,
  getDoctor,
  getEpisode,
  getException,
  getLeakage,
  getLeakageFile,
  getDuplicate,
  keepDuplicateApart,
  getPreference,
  getAcceptance,
  getAcceptanceFile,
  getConversion,
  getConversionFile,
  getVelocity,
  getVelocityFile,
  listReviews,
  getReview,
  getReviewFile,
  addReviewEntry,
  finishReviewEntry,
  reopenReviewEntry,
  deleteReviewEntry,
  getSources,
  getSourcesFile,
  getSla,
  getSlaFile,
  getRuler,
  getScoring,
  planAgreement,
  applyAgreement,
  getSession,
  listAgreements,
  listLetters,
  stopLetters,
  allowLetters,
  previewLetters,
  testLetter,
  listAlerts,
  listDeliveries,
  handBackEpisode,
  inviteUser,
  listEpisodes,
  listExceptions,
  listDuplicates,
  listKeys,
  listQueue,
  listRejected,
  listTeams,
  listUsers,
  markAlertsRead,
  mergeDuplicate,
  proposeDuplicate,
  readLink,
  pauseEpisode,
  reassignEpisode,
  reassignEpisodes,
  getBoard,
  listColdLeads,
  listDecidedLeads,
  snoozeEpisode,
  wakeEpisode,
  rejectEpisode,
  reopenEpisode,
  finishEpisode,
  requalifyEpisode,
  listReasons,
  listNurture,
  stopNurture,
  listWakeups,
  moveWakeup,
  reopenDuplicate,
  replayRejected,
  requestReset,
  resetPassword,
  resumeEpisode,
  saveFirstSteps,
  createView,
  deleteView,
  listViews,
  createWebhook,
  deleteWebhook,
  enableWebhook,
  getDelivery,
  listChannels,
  listContactValues,
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
  beginUpload,
  getImport,
  getImportErrorFile,
  listImportErrors,
  listImports,
  previewImport,
  sendPart,
  startImport,
  undoImport,
  getVelocityRate,
  getVelocityRateFile,
  getScoreHealth,
  getScoreHealthFile,
  getCohorts,
  getCohortsFile,
  getRejections,
  getRejectionsFile,
};
