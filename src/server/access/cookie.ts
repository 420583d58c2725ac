/** The start of the names of our cookies. */
export const COOKIE_PREFIX = 'baton';

/** The cookie that carries a session; behind https its name begins with `__Secure-`. */
export const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`;
