import { sleep } from "#proto/vocabulary/clock.ts";
import { type CallEffects, Caller, type CallLimits } from "./call.ts";
import { IpmiError } from "./ipmi-error.ts";
import { byteAt, consoleAddress, decodeLanMessage, encodeRequest } from "./lan-message.ts";
import { type Established, establish, type Credentials } from "./open-session.ts";
import { type Packet, payloadTypes } from "./rmcp-packet.ts";
import { ReplayWindow } from "./replay-window.ts";
import { openPacket, sealPacket } from "./session-keys.ts";
import { word } from "./rakp.ts";

export interface IpmiCommand {
  readonly netFn: number;
  readonly command: number;
  readonly lun?: number;
  readonly data?: readonly number[];
}

export interface IpmiAnswer {
  /** 0: done. Else why not (IPMI 2.0, table 5-2). */
  readonly code: number;
  readonly data: Buffer;
}

/** What the commands need of a session: a recording of one can stand in for it. */
export interface IpmiAsk {
  /** One call at a time; resolves with whatever completion code came. Throws IpmiError. */
  ask(command: IpmiCommand): Promise<IpmiAnswer>;
}

export interface IpmiSession extends IpmiAsk {
  readonly suite: 3 | 17;
  /** 2 user, 3 operator. */
  readonly privilege: number;
  /** The controller's GUID as RAKP gave it, hexadecimal. */
  readonly guid: string;
  /** Tells the controller, briefly; never throws. */
  close(): Promise<void>;
}

export interface IpmiOptions extends Credentials {
  readonly limits: CallLimits;
  /** Between one answer and the next question. */
  readonly paceMs: number;
  readonly signal: AbortSignal;
}

const privilegeSet = { netFn: 6, command: 0x3b };
const sessionClose = { netFn: 6, command: 0x3c };
/** What a session is closed with: nobody waits long for a goodbye. */
const goodbyeLimits: CallLimits = { timeoutMs: 300, tries: 2 };

/** Opens a session with the least rights that can see everything. Throws IpmiError. */
export async function openIpmiSession(
  effects: CallEffects,
  options: IpmiOptions,
): Promise<IpmiSession> {
  const caller = new Caller(effects);
  const established = await establish(caller, effects.random, options, options);
  const session = new OpenSession(effects, caller, established, options);
  try {
    const answer = await session.ask({ ...privilegeSet, data: [established.privilege] });
    if (answer.code !== 0)
      throw new IpmiError(
        "unauthorised",
        `it does not give the rights that it promised (0x${answer.code.toString(16)})`,
      );
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

class OpenSession implements IpmiSession {
  readonly suite: 3 | 17;
  readonly privilege: number;
  readonly guid: string;
  readonly #effects: CallEffects;
  readonly #caller: Caller;
  readonly #established: Established;
  readonly #options: IpmiOptions;
  readonly #seen = new ReplayWindow();
  #sequence = 0;
  #request = 0;
  #isOpen = true;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    effects: CallEffects,
    caller: Caller,
    established: Established,
    options: IpmiOptions,
  ) {
    this.#effects = effects;
    this.#caller = caller;
    this.#established = established;
    this.#options = options;
    this.suite = established.keys.suite.id;
    this.privilege = established.privilege;
    this.guid = established.guid.toString("hex");
  }

  ask(command: IpmiCommand): Promise<IpmiAnswer> {
    const { limits, paceMs, signal } = this.#options;
    const next = this.#last
      .catch(() => {})
      .then(async () => {
        if (!this.#isOpen) throw new IpmiError("closed", "the session is closed");
        const answer = await this.#call(command, limits, signal);
        if (paceMs > 0) await sleep(this.#effects.clock, paceMs, signal).catch(() => {});
        return answer;
      });
    this.#last = next;
    return next;
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#last.catch(() => {});
    const data = [...word(this.#established.sessionId)];
    await this.#call({ ...sessionClose, data }, goodbyeLimits).catch(() => {});
    this.#effects.channel.close();
  }

  #call(command: IpmiCommand, limits: CallLimits, signal?: AbortSignal): Promise<IpmiAnswer> {
    // Repeats carry the same request number: the controller may have acted on the first already.
    this.#request = (this.#request + 1) & 0x3f;
    const message = {
      netFn: command.netFn,
      lun: command.lun ?? 0,
      sequence: this.#request,
      command: command.command,
      data: Buffer.from(command.data ?? []),
    };
    return this.#caller.call(
      () => this.#seal(encodeRequest(message)),
      (packet) => this.#match(packet, message.netFn + 1, message.command, message.sequence),
      limits,
      signal,
    );
  }

  #seal(message: Buffer): Buffer {
    this.#sequence += 1;
    const { keys, sessionId } = this.#established;
    const head = { type: payloadTypes.ipmi, sessionId, sequence: this.#sequence };
    return sealPacket(keys, head, message, this.#effects.random.bytes(16));
  }

  #match(packet: Packet, netFn: number, command: number, request: number): IpmiAnswer | null {
    const { keys, consoleId } = this.#established;
    if (packet.version !== "2.0" || packet.type !== payloadTypes.ipmi) return null;
    if (packet.sessionId !== consoleId) return null;
    const payload = openPacket(keys, packet);
    if (payload === null || !this.#seen.take(packet.sequence)) return null;
    const message = decodeLanMessage(payload, consoleAddress);
    if (message === null || message.netFn !== netFn || message.command !== command) return null;
    if (message.sequence !== request || message.data.length < 1) return null;
    return { code: byteAt(message.data, 0), data: Buffer.from(message.data.subarray(1)) };
  }
}
