/** Limits of every ingest and control route, in bytes. */
export const maxSentBytes = 4 * 2 ** 20;
export const maxDecompressedBytes = 8 * 2 ** 20;
/** Nesting of JSON: deeper is refused before it is parsed, so that no parser or validator runs out of stack. */
export const maxJsonDepth = 100;
/** What a sender aims at for one part, well under the limit after decompression. */
export const partBytes = 3 * 2 ** 20;
