import type { Random } from "#proto/vocabulary/random.ts";
import type { Caller, CallLimits } from "./call.ts";
import { type CipherSuite, cipherSuites } from "./cipher-suites.ts";
import { IpmiError } from "./ipmi-error.ts";
import {
  decodeOpenResponse,
  decodeRakp2,
  decodeRakp4,
  describeStatus,
  encodeOpenRequest,
  encodeRakp1,
  encodeRakp3,
  type Exchange,
  sessionKeyOf,
} from "./rakp.ts";
import { encodePlain20, type Packet, payloadTypes } from "./rmcp-packet.ts";
import { deriveKeys, passwordBytesMax, type SessionKeys, userBytesMax } from "./session-keys.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface Established {
  readonly keys: SessionKeys;
  readonly consoleId: number;
  readonly sessionId: number;
  readonly guid: Buffer;
  readonly privilege: number;
}

/** Look up the user by name alone; operator sees the LAN settings, user all the rest. */
const nameOnly = 0x10;
const privileges = [3, 2] as const;
const wrongCode = 15;
/** The suite or its algorithms are what it does not like: another may do. */
const suiteStatuses: ReadonlySet<number> = new Set([4, 5, 16, 17]);
const roleStatuses: ReadonlySet<number> = new Set([9, 10, 13, 18]);

/** Tries the suites, best first, and the rights, most first. Throws IpmiError. */
export async function establish(
  caller: Caller,
  random: Random,
  credentials: Credentials,
  limits: { readonly limits: CallLimits; readonly signal: AbortSignal },
): Promise<Established> {
  const user = Buffer.from(credentials.user, "utf8");
  const password = Buffer.from(credentials.password, "utf8");
  if (user.length > userBytesMax)
    throw new IpmiError("unauthorised", `IPMI user names have at most ${userBytesMax} bytes`);
  if (password.length > passwordBytesMax)
    throw new IpmiError("unauthorised", `IPMI passwords have at most ${passwordBytesMax} bytes`);
  let refused: IpmiError | null = null;
  for (const suite of cipherSuites) {
    for (const privilege of privileges) {
      const one = new Opening(caller, random, limits, { suite, privilege, user, password });
      const outcome = await one.run();
      if (!(outcome instanceof Refusal)) return outcome;
      refused = outcome.error;
      if (outcome.next === "suite") break;
      // Not asked again with another suite: a controller may count it as a wrong password.
      if (outcome.next === "none" || privilege === privileges.at(-1)) throw outcome.error;
    }
  }
  throw refused ?? new IpmiError("refused", "no cipher suite to offer");
}

/** Nothing came, and the system does not know why: else the error is thrown on. */
function silenceOf(error: unknown): IpmiError {
  if (error instanceof IpmiError && error.code === "unreachable" && error.cause === undefined)
    return error;
  throw error;
}

class Refusal {
  readonly error: IpmiError;
  readonly next: "suite" | "role" | "none";

  constructor(error: IpmiError, next: "suite" | "role" | "none") {
    this.error = error;
    this.next = next;
  }
}

class Opening {
  readonly #caller: Caller;
  readonly #random: Random;
  readonly #limits: { readonly limits: CallLimits; readonly signal: AbortSignal };
  readonly #asked: {
    readonly suite: CipherSuite;
    readonly privilege: number;
    readonly user: Buffer;
    readonly password: Buffer;
  };
  #tag = 0;

  constructor(
    caller: Caller,
    random: Random,
    limits: { readonly limits: CallLimits; readonly signal: AbortSignal },
    asked: {
      readonly suite: CipherSuite;
      readonly privilege: number;
      readonly user: Buffer;
      readonly password: Buffer;
    },
  ) {
    this.#caller = caller;
    this.#random = random;
    this.#limits = limits;
    this.#asked = asked;
  }

  async run(): Promise<Established | Refusal> {
    const { suite, privilege, user, password } = this.#asked;
    const consoleId = Buffer.from(this.#random.bytes(4)).readUInt32LE() || 1;
    const opened = await this.#exchange(
      payloadTypes.openRequest,
      (tag) => encodeOpenRequest(tag, consoleId, suite),
      (bytes, tag) => decodeOpenResponse(bytes, tag, consoleId, suite),
    ).catch(silenceOf);
    // Some drop what asks for a suite that they do not know, instead of refusing it.
    if (opened instanceof IpmiError) return new Refusal(opened, "suite");
    if (opened.status !== 0) return this.#refuse(opened.status, "at its opening");
    if (!opened.isAsAsked) {
      const text = `it answers suite ${suite.id} with other algorithms than were asked for`;
      return new Refusal(new IpmiError("refused", text), "suite");
    }
    const exchange: Exchange = {
      suite,
      consoleId,
      sessionId: opened.sessionId,
      consoleRandom: Buffer.from(this.#random.bytes(16)),
      role: nameOnly | privilege,
      user,
      password,
    };
    return this.#authenticate(exchange);
  }

  async #authenticate(exchange: Exchange): Promise<Established | Refusal> {
    const second = await this.#exchange(
      payloadTypes.rakp1,
      (tag) => encodeRakp1(tag, exchange),
      (bytes, tag) => decodeRakp2(bytes, tag, exchange),
    );
    if (second.status !== 0) return this.#refuse(second.status, "for this user");
    if (!second.isGenuine) {
      await this.#forget(exchange);
      const text = "the password is wrong, or this is not the controller that knows it";
      return new Refusal(new IpmiError("unauthorised", text), "none");
    }
    const sessionKey = sessionKeyOf(exchange, second.controllerRandom);
    const fourth = await this.#exchange(
      payloadTypes.rakp3,
      (tag) => encodeRakp3(tag, 0, exchange, second.controllerRandom),
      (bytes, tag) => decodeRakp4(bytes, tag, exchange, sessionKey, second.guid),
    );
    if (fourth.status !== 0) return this.#refuse(fourth.status, "for this password");
    if (!fourth.isGenuine) {
      const text = "its last message is not signed by the session's key";
      return new Refusal(new IpmiError("protocol", text), "none");
    }
    return {
      keys: deriveKeys(exchange.suite, sessionKey),
      consoleId: exchange.consoleId,
      sessionId: exchange.sessionId,
      guid: second.guid,
      privilege: this.#asked.privilege,
    };
  }

  /** So that the controller's slot is free at once; nobody answers this. */
  async #forget(exchange: Exchange): Promise<void> {
    this.#tag = (this.#tag + 1) & 0xff;
    const goodbye = encodeRakp3(this.#tag, wrongCode, exchange, Buffer.alloc(0));
    const once = { timeoutMs: 50, tries: 1 };
    const make = (): Buffer => encodePlain20(payloadTypes.rakp3, goodbye);
    await this.#caller.call(make, () => null, once).catch(() => {});
  }

  #refuse(status: number, when: string): Refusal {
    const text = `${describeStatus(status)} (suite ${this.#asked.suite.id}, ${when})`;
    if (suiteStatuses.has(status)) return new Refusal(new IpmiError("refused", text), "suite");
    if (status === 1) return new Refusal(new IpmiError("refused", text), "none");
    const next = roleStatuses.has(status) ? "role" : "none";
    return new Refusal(new IpmiError("unauthorised", text), next);
  }

  /**
   * Each packet has a tag of its own, and only the last one's answer is taken: a slow controller draws
   * a new random number for a repeated RAKP 1, and what answers the first one would look like a
   * wrong password.
   */
  #exchange<Answer>(
    type: number,
    encode: (tag: number) => Buffer,
    decode: (bytes: Buffer, tag: number) => Answer | null,
  ): Promise<Answer> {
    const make = (): Buffer => {
      this.#tag = (this.#tag + 1) & 0xff;
      return encodePlain20(type, encode(this.#tag));
    };
    const match = (packet: Packet): Answer | null =>
      packet.version === "2.0" && packet.type === type + 1 && !packet.isEncrypted
        ? decode(packet.payload, this.#tag)
        : null;
    const { limits, signal } = this.#limits;
    return this.#caller.call(make, match, limits, signal);
  }
}
