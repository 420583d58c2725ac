/** What a change of a person makes out of date. */
export const STALE_AFTER_USER = [
  'listUsers',
  'getSession',
  'listTeams',
  'listQueue',
  'listExceptions',
] as const;
