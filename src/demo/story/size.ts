/** How many leads a demo has: enough for every report, few enough to load while somebody waits. */
export const STORIES = 2_000;
