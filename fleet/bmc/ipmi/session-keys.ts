import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import type { CipherSuite } from "./cipher-suites.ts";
import { byteAt } from "./lan-message.ts";
import { encodeSessionPart, type Packet, withRmcpHeader } from "./rmcp-packet.ts";

/** IPMI passwords end here; a longer one would be cut without a word. */
export const passwordBytesMax = 20;
export const userBytesMax = 16;
const blockBytes = 16;
const nextHeader = 7;

/** What both sides of an open session know. */
export interface SessionKeys {
  readonly suite: CipherSuite;
  readonly integrityKey: Buffer;
  readonly encryptionKey: Buffer;
}

export function mac(suite: CipherSuite, key: Buffer, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac(suite.hash, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** IPMI 2.0, 13.32: the constants are 20 bytes in every suite, as ipmitool and freeipmi have it. */
export function deriveKeys(suite: CipherSuite, sessionKey: Buffer): SessionKeys {
  return {
    suite,
    integrityKey: mac(suite, sessionKey, Buffer.alloc(20, 1)),
    encryptionKey: mac(suite, sessionKey, Buffer.alloc(20, 2)).subarray(0, 16),
  };
}

export function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Encrypts (AES-CBC-128) and signs one payload. `iv` must be fresh for each packet. */
export function sealPacket(
  keys: SessionKeys,
  head: { readonly type: number; readonly sessionId: number; readonly sequence: number },
  payload: Buffer,
  iv: Uint8Array,
): Buffer {
  const padBytes = (blockBytes - ((payload.length + 1) % blockBytes)) % blockBytes;
  const padding = Buffer.from([...Array.from({ length: padBytes }, (_, at) => at + 1), padBytes]);
  const cipher = createCipheriv("aes-128-cbc", keys.encryptionKey, iv).setAutoPadding(false);
  const body = Buffer.concat([
    iv,
    cipher.update(Buffer.concat([payload, padding])),
    cipher.final(),
  ]);
  const session = encodeSessionPart(head.type, head.sessionId, head.sequence, body, true);
  const alignBytes = (4 - ((session.length + 2) % 4)) % 4;
  const signed = Buffer.concat([
    session,
    Buffer.alloc(alignBytes, 0xff),
    Buffer.from([alignBytes, nextHeader]),
  ]);
  return withRmcpHeader(Buffer.concat([signed, integrityOf(keys, signed)]));
}

/** The payload; null where it is not protected, not signed by the session's key, or malformed. */
export function openPacket(keys: SessionKeys, packet: Packet): Buffer | null {
  if (packet.version !== "2.0" || !packet.isEncrypted || !packet.isAuthenticated) return null;
  const { session, payload } = packet;
  const signedBytes = session.length - keys.suite.integrityBytes;
  const payloadEnd = 12 + payload.length;
  if (signedBytes < payloadEnd + 2) return null;
  if (byteAt(session, signedBytes - 2) !== signedBytes - 2 - payloadEnd) return null;
  const signed = session.subarray(0, signedBytes);
  if (!isEqual(session.subarray(signedBytes), integrityOf(keys, signed))) return null;
  return decrypt(keys, payload);
}

function integrityOf(keys: SessionKeys, signed: Buffer): Buffer {
  return mac(keys.suite, keys.integrityKey, signed).subarray(0, keys.suite.integrityBytes);
}

function decrypt(keys: SessionKeys, payload: Buffer): Buffer | null {
  if (payload.length < 2 * blockBytes || payload.length % blockBytes !== 0) return null;
  const iv = payload.subarray(0, blockBytes);
  const decipher = createDecipheriv("aes-128-cbc", keys.encryptionKey, iv).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(payload.subarray(blockBytes)), decipher.final()]);
  const padBytes = byteAt(plain, plain.length - 1);
  // Some controllers fill with other bytes than 1, 2, 3 …: only the length must fit.
  return padBytes >= blockBytes ? null : plain.subarray(0, plain.length - 1 - padBytes);
}
