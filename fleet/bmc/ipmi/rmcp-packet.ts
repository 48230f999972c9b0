import { byteAt } from "./lan-message.ts";

/** RMCP, class IPMI, no acknowledgement (ASF 2.0, 3.2.2). */
const rmcpHeader = Buffer.from([6, 0, 0xff, 7]);
const formatPlus = 6;
const encryptedBit = 0x80;
const authenticatedBit = 0x40;
/** No answer of a BMC is longer. */
export const packetBytesMax = 1_500;

export const payloadTypes = {
  ipmi: 0,
  openRequest: 0x10,
  openResponse: 0x11,
  rakp1: 0x12,
  rakp2: 0x13,
  rakp3: 0x14,
  rakp4: 0x15,
} as const;

export type Packet =
  /** IPMI 1.5 without authentication: what is asked before there is a session. */
  | { readonly version: "1.5"; readonly payload: Buffer }
  | {
      readonly version: "2.0";
      readonly type: number;
      readonly isEncrypted: boolean;
      readonly isAuthenticated: boolean;
      readonly sessionId: number;
      readonly sequence: number;
      readonly payload: Buffer;
      /** The whole packet behind the RMCP header: what the integrity value is of. */
      readonly session: Buffer;
    };

/** Before a session. */
export function encodePlain15(payload: Buffer): Buffer {
  return Buffer.concat([rmcpHeader, Buffer.alloc(9), Buffer.from([payload.length]), payload]);
}

/** The part of a 2.0 packet from its format byte to the end of its payload. */
export function encodeSessionPart(
  type: number,
  sessionId: number,
  sequence: number,
  payload: Buffer,
  isProtected: boolean,
): Buffer {
  const head = Buffer.alloc(12);
  head[0] = formatPlus;
  head[1] = type | (isProtected ? encryptedBit | authenticatedBit : 0);
  head.writeUInt32LE(sessionId >>> 0, 2);
  head.writeUInt32LE(sequence >>> 0, 6);
  head.writeUInt16LE(payload.length, 10);
  return Buffer.concat([head, payload]);
}

/** Not protected: the messages that open a session. */
export function encodePlain20(type: number, payload: Buffer): Buffer {
  return withRmcpHeader(encodeSessionPart(type, 0, 0, payload, false));
}

export function withRmcpHeader(session: Buffer): Buffer {
  return Buffer.concat([rmcpHeader, session]);
}

/** null: no IPMI packet, or its lengths do not fit. Never throws. */
export function decodePacket(bytes: Buffer): Packet | null {
  if (bytes.length < 14 || bytes.length > packetBytesMax) return null;
  if (bytes[0] !== 6 || (byteAt(bytes, 3) & 0x1f) !== 7) return null;
  return bytes[4] === formatPlus ? decode20(bytes) : decode15(bytes);
}

function decode15(bytes: Buffer): Packet | null {
  if (bytes[4] !== 0) return null;
  const length = byteAt(bytes, 13);
  if (bytes.length < 14 + length) return null;
  return { version: "1.5", payload: bytes.subarray(14, 14 + length) };
}

function decode20(bytes: Buffer): Packet | null {
  if (bytes.length < 16) return null;
  const type = byteAt(bytes, 5);
  const length = bytes.readUInt16LE(14);
  // An OEM payload has a longer header; none is spoken.
  if ((type & 0x3f) === 2 || bytes.length < 16 + length) return null;
  return {
    version: "2.0",
    type: type & 0x3f,
    isEncrypted: (type & encryptedBit) !== 0,
    isAuthenticated: (type & authenticatedBit) !== 0,
    sessionId: bytes.readUInt32LE(6),
    sequence: bytes.readUInt32LE(10),
    payload: bytes.subarray(16, 16 + length),
    session: bytes.subarray(4),
  };
}
