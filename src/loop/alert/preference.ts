/** When managers get the view of their team unless they say otherwise: before the day begins, in minutes. */
export const BULLETIN_AT = 8 * 60 + 30;
