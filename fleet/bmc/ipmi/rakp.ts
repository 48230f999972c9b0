import type { CipherSuite } from "./cipher-suites.ts";
import { byteAt } from "./lan-message.ts";
import { isEqual, mac } from "./session-keys.ts";

/** The messages that open an RMCP+ session (IPMI 2.0, 13.17 to 13.24), each side's half. */
export interface OpenAnswer {
  readonly status: number;
  readonly sessionId: number;
  /** The algorithms are those that were asked for. */
  readonly isAsAsked: boolean;
}

export interface Exchange {
  readonly suite: CipherSuite;
  readonly consoleId: number;
  readonly sessionId: number;
  readonly consoleRandom: Buffer;
  readonly role: number;
  readonly user: Buffer;
  readonly password: Buffer;
}

export function encodeOpenRequest(tag: number, consoleId: number, suite: CipherSuite): Buffer {
  return Buffer.concat([Buffer.from([tag, 0, 0, 0]), word(consoleId), algorithms(suite)]);
}

/** null: too short, or of another session. */
export function decodeOpenResponse(
  bytes: Buffer,
  tag: number,
  consoleId: number,
  suite: CipherSuite,
): OpenAnswer | null {
  if (bytes.length < 2 || bytes[0] !== tag) return null;
  const status = byteAt(bytes, 1);
  if (status !== 0) return { status, sessionId: 0, isAsAsked: true };
  if (bytes.length < 36 || bytes.readUInt32LE(4) !== consoleId) return null;
  const asked = algorithms(suite);
  const isAsAsked = [4, 12, 20].every(
    (at) => (byteAt(bytes, 12 + at) & 0x3f) === byteAt(asked, at),
  );
  return { status, sessionId: bytes.readUInt32LE(8), isAsAsked };
}

export function encodeRakp1(tag: number, exchange: Exchange): Buffer {
  return Buffer.concat([
    Buffer.from([tag, 0, 0, 0]),
    word(exchange.sessionId),
    exchange.consoleRandom,
    Buffer.from([exchange.role, 0, 0, exchange.user.length]),
    exchange.user,
  ]);
}

export interface Rakp2 {
  readonly status: number;
  readonly controllerRandom: Buffer;
  readonly guid: Buffer;
  /** The controller knows the password too. */
  readonly isGenuine: boolean;
}

export function decodeRakp2(bytes: Buffer, tag: number, exchange: Exchange): Rakp2 | null {
  if (bytes.length < 2 || bytes[0] !== tag) return null;
  const status = byteAt(bytes, 1);
  const none = Buffer.alloc(0);
  if (status !== 0) return { status, controllerRandom: none, guid: none, isGenuine: false };
  if (bytes.length < 40 + exchange.suite.exchangeBytes) return null;
  if (bytes.readUInt32LE(4) !== exchange.consoleId) return null;
  const controllerRandom = Buffer.from(bytes.subarray(8, 24));
  const guid = Buffer.from(bytes.subarray(24, 40));
  const code = bytes.subarray(40, 40 + exchange.suite.exchangeBytes);
  return {
    status,
    controllerRandom,
    guid,
    isGenuine: isEqual(code, rakp2Code(exchange, controllerRandom, guid)),
  };
}

export function rakp2Code(exchange: Exchange, controllerRandom: Buffer, guid: Buffer): Buffer {
  return mac(
    exchange.suite,
    exchange.password,
    word(exchange.consoleId),
    word(exchange.sessionId),
    exchange.consoleRandom,
    controllerRandom,
    guid,
    whoAsks(exchange),
  );
}

/** With another status than 0 it only tells the controller to forget the session. */
export function encodeRakp3(
  tag: number,
  status: number,
  exchange: Exchange,
  controllerRandom: Buffer,
): Buffer {
  const head = Buffer.concat([Buffer.from([tag, status, 0, 0]), word(exchange.sessionId)]);
  return status === 0 ? Buffer.concat([head, rakp3Code(exchange, controllerRandom)]) : head;
}

export function rakp3Code(exchange: Exchange, controllerRandom: Buffer): Buffer {
  return mac(
    exchange.suite,
    exchange.password,
    controllerRandom,
    word(exchange.consoleId),
    whoAsks(exchange),
  );
}

/** The session integrity key; the user's key stands for the controller's where none is set. */
export function sessionKeyOf(exchange: Exchange, controllerRandom: Buffer): Buffer {
  return mac(
    exchange.suite,
    exchange.password,
    exchange.consoleRandom,
    controllerRandom,
    whoAsks(exchange),
  );
}

export function decodeRakp4(
  bytes: Buffer,
  tag: number,
  exchange: Exchange,
  sessionKey: Buffer,
  guid: Buffer,
): { readonly status: number; readonly isGenuine: boolean } | null {
  if (bytes.length < 2 || bytes[0] !== tag) return null;
  const status = byteAt(bytes, 1);
  if (status !== 0) return { status, isGenuine: false };
  const { integrityBytes } = exchange.suite;
  if (bytes.length < 8 + integrityBytes || bytes.readUInt32LE(4) !== exchange.consoleId)
    return null;
  const code = bytes.subarray(8, 8 + integrityBytes);
  return { status, isGenuine: isEqual(code, rakp4Code(exchange, sessionKey, guid)) };
}

export function rakp4Code(exchange: Exchange, sessionKey: Buffer, guid: Buffer): Buffer {
  const { suite, consoleRandom, sessionId } = exchange;
  const code = mac(suite, sessionKey, consoleRandom, word(sessionId), guid);
  return code.subarray(0, suite.integrityBytes);
}

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** 24 bytes: authentication, integrity, confidentiality. */
export function algorithms(suite: CipherSuite): Buffer {
  const one = (kind: number, algorithm: number): readonly number[] => [
    kind,
    0,
    0,
    8,
    algorithm,
    0,
    0,
    0,
  ];
  return Buffer.from([
    ...one(0, suite.authentication),
    ...one(1, suite.integrity),
    ...one(2, suite.confidentiality),
  ]);
}

function whoAsks({ role, user }: Exchange): Buffer {
  return Buffer.concat([Buffer.from([role, user.length]), user]);
}

/** IPMI 2.0, table 13-15, for people. */
export function describeStatus(status: number): string {
  return statuses[status] ?? `status 0x${status.toString(16).padStart(2, "0")}`;
}

const statuses: Readonly<Record<number, string>> = {
  1: "it has no resources for another session",
  2: "it does not know the session",
  4: "it does not take the authentication algorithm",
  5: "it does not take the integrity algorithm",
  9: "it does not take the role",
  10: "the role is not allowed",
  12: "it does not take the name",
  13: "there is no such user, or not with these rights",
  14: "it does not know the GUID",
  15: "the password's code is wrong",
  16: "it does not take the confidentiality algorithm",
  17: "it takes no cipher suite that was offered",
  18: "a parameter is not allowed",
};
