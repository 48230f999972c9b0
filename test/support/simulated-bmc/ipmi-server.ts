import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { type CipherSuite, cipherSuites } from "#fleet/bmc/ipmi/cipher-suites.ts";
import { bmcAddress, decodeLanMessage, encodeResponse } from "#fleet/bmc/ipmi/lan-message.ts";
import {
  algorithms,
  type Exchange,
  rakp2Code,
  rakp3Code,
  rakp4Code,
  sessionKeyOf,
  word,
} from "#fleet/bmc/ipmi/rakp.ts";
import {
  decodePacket,
  encodePlain15,
  encodePlain20,
  type Packet,
  payloadTypes,
} from "#fleet/bmc/ipmi/rmcp-packet.ts";
import {
  deriveKeys,
  isEqual,
  openPacket,
  type SessionKeys,
  sealPacket,
} from "#fleet/bmc/ipmi/session-keys.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { BmcLies, BmcState } from "./bmc-state.ts";
import { IpmiCommands } from "./ipmi-commands.ts";

/** Answers in a session before the controller itself does; null: it has nothing to say to this one. */
export type IpmiHook = (
  netFunction: number,
  command: number,
  data: Buffer,
) => readonly number[] | null;

const sessionsMax = 8;

interface ServerSession {
  readonly suite: CipherSuite;
  readonly consoleId: number;
  readonly sessionId: number;
  exchange: Exchange | null;
  controllerRandom: Buffer;
  keys: SessionKeys | null;
  sequence: number;
}

export interface IpmiServer {
  readonly port: number;
  /** Sessions that nobody has closed. */
  openSessions(): number;
  asked(): readonly string[];
  close(): Promise<void>;
}

/** RMCP+ on UDP, suites 3 and 17, and what is asked before a session. */
export async function startIpmiServer(
  where: { readonly address: string; readonly port: number },
  world: {
    readonly state: BmcState;
    readonly lies: BmcLies;
    readonly random: Random;
    readonly hook?: IpmiHook;
  },
): Promise<IpmiServer> {
  const controller = new Controller(world.state, world.lies, world.random, world.hook);
  const socket = createSocket("udp4");
  const waiting = new Set<NodeJS.Timeout>();
  let count = 0;
  socket.on("message", (bytes, from) => {
    count += 1;
    if (world.lies.silent === true) return;
    if ((count * 37) % 100 < (world.lies.dropPercent ?? 0)) return;
    const answer = controller.take(bytes);
    if (answer === null) return;
    const timer = setTimeout(() => {
      waiting.delete(timer);
      socket.send(answer, from.port, from.address);
    }, world.lies.slowMs ?? 0);
    waiting.add(timer);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(where.port, where.address, resolve);
  });
  const { port } = socket.address() as AddressInfo;
  return {
    port,
    openSessions: () => controller.openSessions(),
    asked: () => controller.asked(),
    close: async () => {
      for (const timer of waiting) clearTimeout(timer);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

class Controller {
  readonly #state: BmcState;
  readonly #lies: BmcLies;
  readonly #random: Random;
  readonly #commands: IpmiCommands;
  readonly #sessions = new Map<number, ServerSession>();

  readonly #hook: IpmiHook;

  constructor(state: BmcState, lies: BmcLies, random: Random, hook: IpmiHook = () => null) {
    this.#hook = hook;
    this.#state = state;
    this.#lies = lies;
    this.#random = random;
    this.#commands = new IpmiCommands(state, lies);
  }

  openSessions(): number {
    return [...this.#sessions.values()].filter(({ keys }) => keys !== null).length;
  }

  asked(): readonly string[] {
    return this.#commands.asked;
  }

  take(bytes: Buffer): Buffer | null {
    const packet = decodePacket(bytes);
    if (packet === null) return null;
    if (packet.version === "1.5") {
      const answer = this.#plain(packet.payload);
      return answer === null ? null : encodePlain15(answer);
    }
    switch (packet.type) {
      case payloadTypes.openRequest:
        return this.#open(packet.payload);
      case payloadTypes.rakp1:
        return this.#rakp1(packet.payload);
      case payloadTypes.rakp3:
        return this.#rakp3(packet.payload);
      default:
        break;
    }
    if (packet.sessionId === 0) {
      const answer = this.#plain(packet.payload);
      return answer === null ? null : encodePlain20(payloadTypes.ipmi, answer);
    }
    return this.#inSession(packet);
  }

  #plain(payload: Buffer): Buffer | null {
    const message = decodeLanMessage(payload, bmcAddress);
    if (message === null) return null;
    const data = this.#commands.answer(message.netFn, message.command, message.data, false);
    return encodeResponse({ ...message, netFn: message.netFn + 1, data: Buffer.from(data) });
  }

  #inSession(packet: Extract<Packet, { readonly version: "2.0" }>): Buffer | null {
    const session = this.#sessions.get(packet.sessionId);
    const payload = session?.keys == null ? null : openPacket(session.keys, packet);
    if (session?.keys == null || payload === null) return null;
    const message = decodeLanMessage(payload, bmcAddress);
    if (message === null) return null;
    let data = Buffer.from(
      this.#hook(message.netFn, message.command, message.data) ??
        this.#commands.answer(message.netFn, message.command, message.data, true),
    );
    const lies = this.#lies;
    if (lies.truncated === true) data = data.subarray(0, Math.ceil(data.length / 2));
    const sequence = lies.wrongSequence === true ? (message.sequence + 7) & 0x3f : message.sequence;
    const body = encodeResponse({ ...message, sequence, netFn: message.netFn + 1, data });
    if (lies.badChecksum === true) body[body.length - 1] = ((body.at(-1) ?? 0) + 1) & 0xff;
    if (lies.frozenSequence !== true) session.sequence += 1;
    const head = {
      type: payloadTypes.ipmi,
      sessionId: session.consoleId,
      sequence: Math.max(1, session.sequence),
    };
    const keys = session.keys;
    if (message.netFn === 6 && message.command === 0x3c) this.#sessions.delete(session.sessionId);
    const sealed = sealPacket(keys, head, body, this.#random.bytes(16));
    if (lies.badSignature === true)
      sealed[sealed.length - 1] = (sealed[sealed.length - 1] ?? 0) ^ 0xff;
    return sealed;
  }

  #open(payload: Buffer): Buffer | null {
    if (payload.length < 32) return null;
    const tag = payload[0] ?? 0;
    const consoleId = payload.readUInt32LE(4);
    const refuse = (status: number): Buffer =>
      encodePlain20(
        payloadTypes.openResponse,
        Buffer.concat([Buffer.from([tag, status, 0, 0]), word(consoleId)]),
      );
    if (this.#lies.sessionTableFull === true || this.#sessions.size >= sessionsMax)
      return refuse(1);
    const taken = this.#lies.suites ?? [3, 17];
    const suite = cipherSuites.find(
      (one) =>
        taken.includes(one.id) &&
        one.authentication === payload[12] &&
        one.integrity === payload[20] &&
        one.confidentiality === payload[28],
    );
    if (suite === undefined) return this.#lies.dropsUnknownSuites === true ? null : refuse(0x11);
    const sessionId = Buffer.from(this.#random.bytes(4)).readUInt32LE() || 1;
    this.#sessions.set(sessionId, {
      suite,
      consoleId,
      sessionId,
      exchange: null,
      controllerRandom: Buffer.alloc(16),
      keys: null,
      sequence: 0,
    });
    return encodePlain20(
      payloadTypes.openResponse,
      Buffer.concat([
        Buffer.from([tag, 0, 4, 0]),
        word(consoleId),
        word(sessionId),
        algorithms(suite),
      ]),
    );
  }

  #rakp1(payload: Buffer): Buffer | null {
    if (payload.length < 28) return null;
    const session = this.#sessions.get(payload.readUInt32LE(4));
    if (session === undefined) return null;
    const tag = payload[0] ?? 0;
    const user = Buffer.from(payload.subarray(28, 28 + (payload[27] ?? 0)));
    const password = this.#state.users[user.toString()];
    if (password === undefined) {
      this.#sessions.delete(session.sessionId);
      const refusal = Buffer.concat([Buffer.from([tag, 0x0d, 0, 0]), word(session.consoleId)]);
      return encodePlain20(payloadTypes.rakp2, refusal);
    }
    const exchange: Exchange = {
      suite: session.suite,
      consoleId: session.consoleId,
      sessionId: session.sessionId,
      consoleRandom: Buffer.from(payload.subarray(8, 24)),
      role: payload[24] ?? 0,
      user,
      password: Buffer.from(password),
    };
    session.exchange = exchange;
    session.controllerRandom = Buffer.from(this.#random.bytes(16));
    const code = rakp2Code(exchange, session.controllerRandom, this.#state.guid);
    return encodePlain20(
      payloadTypes.rakp2,
      Buffer.concat([
        Buffer.from([tag, 0, 0, 0]),
        word(session.consoleId),
        session.controllerRandom,
        this.#state.guid,
        code,
      ]),
    );
  }

  #rakp3(payload: Buffer): Buffer | null {
    if (payload.length < 8) return null;
    const session = this.#sessions.get(payload.readUInt32LE(4));
    if (session?.exchange == null) return null;
    const tag = payload[0] ?? 0;
    const { exchange, controllerRandom } = session;
    const wanted = rakp3Code(exchange, controllerRandom);
    if ((payload[1] ?? 0) !== 0 || !isEqual(wanted, payload.subarray(8, 8 + wanted.length))) {
      this.#sessions.delete(session.sessionId);
      if (payload[1] !== 0) return null;
      const refusal = Buffer.concat([Buffer.from([tag, 0x0f, 0, 0]), word(session.consoleId)]);
      return encodePlain20(payloadTypes.rakp4, refusal);
    }
    const sessionKey = sessionKeyOf(exchange, controllerRandom);
    session.keys = deriveKeys(session.suite, sessionKey);
    return encodePlain20(
      payloadTypes.rakp4,
      Buffer.concat([
        Buffer.from([tag, 0, 0, 0]),
        word(session.consoleId),
        rakp4Code(exchange, sessionKey, this.#state.guid),
      ]),
    );
  }
}
