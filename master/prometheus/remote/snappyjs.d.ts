/** Of snappyjs, which brings no types, what is used: the block format, as remote write has it. */
declare module "snappyjs" {
  export function compress(bytes: Uint8Array): Uint8Array;
  export function uncompress(bytes: Uint8Array, most?: number): Uint8Array;
}
