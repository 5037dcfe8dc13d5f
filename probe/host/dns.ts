/** Questions to a name server, and its answers (RFC 1035, 4). */

export const typeA = 1;
export const typeAAAA = 28;
const classIn = 1;
const headLength = 12;
const mostAddresses = 8;

/** A name is of labels of 1 to 63 bytes, 255 in all with their lengths (RFC 1035, 2.3.4). */
export function isName(name: string): boolean {
  return name.length <= 253 && /^([\w-]{1,63}\.)*[\w-]{1,63}$/.test(name);
}

/** A question for a recursive server; `name` must be one by `isName`. */
export function encodeQuestion(id: number, name: string, type: number): Uint8Array {
  const bytes = [id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
  for (const label of name.split(".")) {
    bytes.push(label.length);
    for (let at = 0; at < label.length; at++) bytes.push(label.charCodeAt(at));
  }
  bytes.push(0, 0, type, 0, classIn);
  return new Uint8Array(bytes);
}

export interface Answer {
  /** 0: no error, 3: there is no such name; others are the server's troubles. */
  code: number;
  /** Of the type that was asked for, in digits. */
  addresses: string[];
}

/** Undefined when this is no answer to that question. */
export function parseAnswer(bytes: Uint8Array, question: Uint8Array): Answer | undefined {
  const at16 = (at: number) => (bytes[at]! << 8) | bytes[at + 1]!;
  if (bytes.length < question.length || at16(0) !== ((question[0]! << 8) | question[1]!)) return undefined;
  const answers = (bytes[2]! & 0x80) !== 0;
  if (!answers || at16(4) !== 1) return undefined;
  for (let at = headLength; at < question.length; at++)
    if (lower(bytes[at]!) !== lower(question[at]!)) return undefined;

  const type = question[question.length - 3]!;
  const addresses: string[] = [];
  let at = question.length;
  // The server has followed aliases already: every address in the answer is one of the name.
  for (let left = at16(6); left > 0 && addresses.length < mostAddresses; left--) {
    const record = endOfName(bytes, at);
    if (record === undefined || record + 10 > bytes.length) break;
    const start = record + 10;
    const end = start + at16(record + 8);
    if (end > bytes.length) break;
    const address = bytes.subarray(start, end);
    if (at16(record) === type && at16(record + 2) === classIn) {
      if (type === typeA && address.length === 4) addresses.push(address.join("."));
      if (type === typeAAAA && address.length === 16) addresses.push(sixOf(address));
    }
    at = end;
  }
  return { code: bytes[3]! & 15, addresses };
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

/** Behind a name, or the pointer that ends it. A pointer is not followed, so none can lead in a circle. */
function endOfName(bytes: Uint8Array, start: number): number | undefined {
  for (let at = start; at < bytes.length; ) {
    const length = bytes[at]!;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length > 63) return undefined;
    at += length + 1;
  }
  return undefined;
}

function sixOf(bytes: Uint8Array): string {
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at]! << 8) | bytes[at + 1]!).toString(16));
  return groups.join(":");
}
