/** Starts of blocks are counted in these. */
export const unitSeconds = 600;
const subjects = 2 ** 24;

/** A block's place in its table: by time, then by subject. */
export const keyOf = (start: number, subject: number): number => (start / unitSeconds) * subjects + subject;
export const subjectOf = (key: number): number => key % subjects;
export const startOf = (key: number): number => Math.floor(key / subjects) * unitSeconds;
/** The first key of all that start at a time or later, which need not be a whole unit. */
export const firstKeyAt = (seconds: number): number => Math.ceil(seconds / unitSeconds) * subjects;
