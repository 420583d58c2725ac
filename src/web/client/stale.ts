import type { ReadEndpointName, WriteEndpointName } from '../../contract/api.ts';

type Reads = readonly ReadEndpointName[];

/** Every report: what is counted of leads moves with them. */
export const REPORTS = [
  'getAcceptance',
  'getConversion',
  'getVelocity',
  'getSources',
  'getSla',
  'getRejections',
  'getVelocityRate',
  'getCohorts',
  'getScoreHealth',
  'getLeakage',
  'getReview',
] as const satisfies Reads;

const LEADS: Reads = [
  ...REPORTS,
  'listQueue',
  'listEpisodes',
  'getEpisode',
  'getRuler',
  'getContact',
  'listContacts',
  'listTimeline',
  'listLetters',
  'listExceptions',
  'getException',
  'listDuplicates',
  'getDuplicate',
  'getEpisodeRouting',
  'getBoard',
  'listColdLeads',
  'listDecidedLeads',
];

/** A score moves with what counts for it, and may open a handoff. */
const LEADS_AND_SCORES: Reads = [...LEADS, 'getContactScore', 'getContactChanges', 'getContactCourse'];

const NURTURE: Reads = ['listNurture', 'listWakeups', 'listReasons'];

const USERS: Reads = ['listUsers', 'getSession', 'listTeams', 'listQueue', 'listExceptions', 'getBoard'];

const TEAMS: Reads = ['listTeams', 'getAvailability', 'getTeamLedger', 'listQueue', 'getBoard'];

const SENDINGS: Reads = [
  'listDeliveries',
  'getDelivery',
  'listChannels',
  'listWebhookDeliveries',
  'listExceptions',
];

const WEBHOOKS: Reads = ['listWebhooks', 'listChannels', 'listDeliveries', 'listWebhookDeliveries'];

/** What each write makes out of date: the page asks for it again once the write is answered. */
export const STALE_AFTER: { readonly [Write in WriteEndpointName]: Reads } = {
  setUp: ['getSession'],
  signIn: ['getSession'],
  // The page forgets all it knew and is loaded anew.
  signOut: [],
  changePassword: ['getSession'],
  requestReset: [],
  readLink: [],
  followLink: ['getSession'],

  acceptEpisode: LEADS,
  saveQualification: ['getEpisode', 'getContact', 'listTimeline'],
  openOpportunity: LEADS,
  correctOpportunity: LEADS,
  dropOpportunity: LEADS,
  moveOpportunity: LEADS,
  reopenOpportunity: LEADS,
  rejectEpisode: [...LEADS_AND_SCORES, ...NURTURE],
  reopenEpisode: [...LEADS_AND_SCORES, ...NURTURE],
  finishEpisode: LEADS,
  requalifyEpisode: [...LEADS, ...NURTURE],
  stopNurture: [...LEADS, ...NURTURE],
  moveWakeup: [...LEADS, ...NURTURE],
  addActivity: [...LEADS, 'listReasons'],
  pauseEpisode: LEADS,
  resumeEpisode: LEADS,
  reassignEpisode: LEADS,
  takeEpisode: LEADS,
  handBackEpisode: LEADS,
  reassignEpisodes: LEADS,
  snoozeEpisode: LEADS,
  wakeEpisode: LEADS,

  updateContact: LEADS_AND_SCORES,
  giveContacts: LEADS,
  correctContacts: LEADS_AND_SCORES,
  createContact: [...LEADS, 'listContactValues'],
  classEvent: LEADS_AND_SCORES,
  proposeDuplicate: ['listDuplicates', 'listExceptions'],
  mergeDuplicate: LEADS_AND_SCORES,
  keepDuplicateApart: LEADS_AND_SCORES,
  reopenDuplicate: LEADS_AND_SCORES,
  undoMerge: LEADS_AND_SCORES,

  takeException: LEADS,
  retryException: LEADS,
  completeException: LEADS,
  closeException: LEADS,
  partException: LEADS,
  beginUpload: [],
  sendPart: [],
  previewImport: [],
  startImport: ['listImports', 'listImportErrors'],
  undoImport: [...LEADS_AND_SCORES, 'listImports', 'getImport'],
  replayRejected: ['listRejected', 'listContacts', 'listQueue'],

  markAlertsRead: ['listAlerts'],
  savePreference: ['getPreference', 'previewLetters'],
  testPreference: ['listAlerts', 'listDeliveries'],
  testLetter: ['listDeliveries'],
  stopLetters: [...LEADS, ...NURTURE],
  allowLetters: ['listLetters', 'listTimeline'],

  addReviewEntry: ['listReviews', ...REPORTS],
  finishReviewEntry: ['listReviews', 'getReview'],
  reopenReviewEntry: ['listReviews', 'getReview'],
  deleteReviewEntry: ['listReviews', ...REPORTS],

  createView: ['listViews'],
  deleteView: ['listViews'],

  createUser: ['listUsers'],
  inviteUser: ['listUsers'],
  updateUser: USERS,
  resetPassword: ['listUsers'],
  saveFirstSteps: ['getFirstSteps', 'getSession'],
  planAgreement: [],
  applyAgreement: ['listAgreements', 'getAgreementVersion', 'getScoring'],
  createKey: ['listKeys'],
  deleteKey: ['listKeys'],
  savePermissions: ['getPermissions', 'getSession'],
  saveIntake: ['getIntake'],

  retryDelivery: SENDINGS,
  retryDeliveries: SENDINGS,
  createWebhook: ['listWebhooks', 'listChannels'],
  updateWebhook: WEBHOOKS,
  deleteWebhook: WEBHOOKS,
  enableWebhook: WEBHOOKS,
  rotateWebhook: ['listWebhooks'],
  testWebhook: WEBHOOKS,

  saveTeam: TEAMS,
  deleteTeam: TEAMS,
  saveAvailability: TEAMS,
  addTimeOff: TEAMS,
  deleteTimeOff: TEAMS,
  // A supposition changes nothing.
  askWhatIf: [],
};
