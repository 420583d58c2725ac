import type { EndpointName } from '../../contract/api.ts';

/** What a change of a person makes out of date. */
export const STALE_AFTER_USER = [
  'listUsers',
  'getSession',
  'listTeams',
  'listQueue',
  'listExceptions',
] as const;

/** What is asked for again after somebody's work or a team changed. */
export const STALE_AFTER_TEAM: readonly EndpointName[] = [
  'listTeams',
  'getAvailability',
  'getTeamLedger',
  'listQueue',
];

/** What is asked for again after something was sent again. */
export const STALE_AFTER_SENDING: readonly EndpointName[] = [
  'listDeliveries',
  'getDelivery',
  'listChannels',
  'listWebhookDeliveries',
  'listExceptions',
];

/** What the pages ask for again after something was done to an episode. */
export const STALE_AFTER_WORK: readonly EndpointName[] = [
  'listQueue',
  'listEpisodes',
  'getEpisode',
  'getContact',
  'listContacts',
  'listTimeline',
  'getReport',
  'listExceptions',
  'getException',
  'listDuplicates',
  'getDuplicate',
  'getEpisodeRouting',
  'getLeakage',
];

/** What the pages ask for again once two contacts became one, or two again. */
export const STALE_AFTER_MERGE: readonly EndpointName[] = [
  ...STALE_AFTER_WORK,
  'getContactScore',
  'getContactChanges',
  'getContactCourse',
];

/** What the pages ask for again once an event counts otherwise: the score moves, and may open a handoff. */
export const STALE_AFTER_CLASS: readonly EndpointName[] = [
  ...STALE_AFTER_WORK,
  'getContactScore',
  'getContactChanges',
  'getContactCourse',
];
