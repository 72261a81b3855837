/** Silence after which shown values are old, in milliseconds. */
export const silenceMilliseconds = 1000;
