import type {
  LinkCloseReason,
  LinkConnection,
  LinkHandlers,
  LinkTarget,
  LinkTransport,
} from "#agent/link/transport.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Shares are 0 to 1, per message and direction. All zero: a perfect wire with `delayMsMin`. */
export interface WireFaults {
  readonly drop: number;
  readonly duplicate: number;
  /** Share of messages that take a second `delayMsMax` on top, and so may be overtaken. */
  readonly reorder: number;
  readonly delayMsMin: number;
  readonly delayMsMax: number;
}

export const perfectWire: WireFaults = {
  drop: 0,
  duplicate: 0,
  reorder: 0,
  delayMsMin: 1,
  delayMsMax: 1,
};

export type Partition = "none" | "to-manager" | "to-agent" | "both";

/** The manager's end of one connection. */
export interface MemoryPeer {
  /** Name that was given to `transport`. */
  readonly agent: string;
  readonly target: LinkTarget;
  send(bytes: Uint8Array): void;
  bufferedBytes(): number;
  close(code: number, detail: string): void;
}

export interface MemoryPeerHandlers {
  onMessage(bytes: Uint8Array): void;
  onClose(code: number, detail: string): void;
}

export type AcceptPeer = (peer: MemoryPeer) => MemoryPeerHandlers;

/** Agents and one manager in one process, joined by wires that lie as told. Seeded and virtual. */
export interface MemoryNetwork {
  transport(agent: string): LinkTransport;
  /** null: nobody listens, connections are refused. */
  listen(accept: AcceptPeer | null): void;
  /** Faults of one agent's wire, or of all. */
  setFaults(faults: WireFaults, agent?: string): void;
  /** Messages in that direction vanish; nobody is told. Silence limits have to notice. */
  setPartition(partition: Partition, agent?: string): void;
  /** Ends connections at once on both sides, as a killed peer or a cut does. */
  cut(agent?: string): void;
  connections(): number;
  /** Since when each connection of this agent that nobody has closed is open, monotonic ms. */
  openSinceMs(agent: string): readonly number[];
}

interface Wire {
  readonly agent: string;
  /** null: nobody has accepted it yet. */
  openSinceMs: number | null;
  closed: boolean;
  /** One side said that it closes: nothing more is taken from either. */
  closing: boolean;
  readonly agentHandlers: LinkHandlers;
  peerHandlers: MemoryPeerHandlers | null;
  /** When the last message of a direction arrives: without reordering none overtakes it. */
  readonly lastArrivalMs: { toManager: number; toAgent: number };
  readonly waitingBytes: { toManager: number; toAgent: number };
}

type Direction = "toManager" | "toAgent";

export function createMemoryNetwork(effects: {
  readonly clock: Clock;
  readonly random: SeededRandom;
}): MemoryNetwork {
  const { clock, random } = effects;
  const wires = new Set<Wire>();
  const faultsOf = new Map<string, WireFaults>();
  const partitionOf = new Map<string, Partition>();
  let faultsOfAll = perfectWire;
  let partitionOfAll: Partition = "none";
  let accept: AcceptPeer | null = null;

  const end = (wire: Wire, reason: LinkCloseReason): void => {
    if (wire.closed) return;
    wire.closed = true;
    wires.delete(wire);
    wire.agentHandlers.onClose(reason);
    wire.peerHandlers?.onClose(reason.code, reason.detail);
  };

  const isCut = (wire: Wire, direction: Direction): boolean => {
    const partition = partitionOf.get(wire.agent) ?? partitionOfAll;
    return (
      partition === "both" || partition === (direction === "toAgent" ? "to-agent" : "to-manager")
    );
  };

  const deliver = (wire: Wire, direction: Direction, bytes: Uint8Array): void => {
    if (wire.closed || wire.closing) return;
    const faults = faultsOf.get(wire.agent) ?? faultsOfAll;
    if (isCut(wire, direction) || random.chance(faults.drop)) return;
    const copies = random.chance(faults.duplicate) ? 2 : 1;
    const spreadMs = faults.delayMsMax - faults.delayMsMin;
    for (let copy = 0; copy < copies; copy += 1) {
      const delayMs = faults.delayMsMin + random.next() * spreadMs;
      let arrivalMs = clock.nowMonotonicMs() + delayMs;
      if (random.chance(faults.reorder)) arrivalMs += faults.delayMsMax;
      else {
        arrivalMs = Math.max(arrivalMs, wire.lastArrivalMs[direction]);
        wire.lastArrivalMs[direction] = arrivalMs;
      }
      const message = bytes.slice();
      wire.waitingBytes[direction] += message.byteLength;
      clock.after(arrivalMs - clock.nowMonotonicMs(), () => {
        wire.waitingBytes[direction] -= message.byteLength;
        if (wire.closed || isCut(wire, direction)) return;
        if (direction === "toAgent") wire.agentHandlers.onMessage(message);
        else wire.peerHandlers?.onMessage(message);
      });
    }
  };

  const connect = (agent: string, target: LinkTarget, handlers: LinkHandlers): LinkConnection => {
    const wire: Wire = {
      agent,
      openSinceMs: null,
      closed: false,
      closing: false,
      agentHandlers: handlers,
      peerHandlers: null,
      lastArrivalMs: { toManager: 0, toAgent: 0 },
      waitingBytes: { toManager: 0, toAgent: 0 },
    };
    wires.add(wire);
    const faults = faultsOf.get(agent) ?? faultsOfAll;
    clock.after(faults.delayMsMax, () => {
      if (wire.closed) return;
      if (isCut(wire, "toManager") || isCut(wire, "toAgent")) {
        end(wire, { code: 1006, detail: "no answer" });
        return;
      }
      if (accept === null) {
        end(wire, { code: 1006, detail: "connection refused" });
        return;
      }
      wire.openSinceMs = clock.nowMonotonicMs();
      wire.peerHandlers = accept({
        agent,
        target,
        send: (bytes) => deliver(wire, "toAgent", bytes),
        bufferedBytes: () => wire.waitingBytes.toAgent,
        close: (code, detail) => closeAfterMessages(wire, "toAgent", { code, detail }),
      });
      if (!wire.closed) handlers.onOpen();
    });
    return {
      send: (bytes) => deliver(wire, "toManager", bytes),
      bufferedBytes: () => wire.waitingBytes.toManager,
      close: (code, detail) => closeAfterMessages(wire, "toManager", { code, detail }),
    };
  };

  /** The closing side is through at once; the other hears of it after what was sent before. */
  const closeAfterMessages = (wire: Wire, direction: Direction, reason: LinkCloseReason): void => {
    wire.closing = true;
    const waitMs = Math.max(0, wire.lastArrivalMs[direction] - clock.nowMonotonicMs());
    clock.after(waitMs, () => end(wire, reason));
  };

  return {
    transport: (agent) => ({ connect: (target, handlers) => connect(agent, target, handlers) }),
    listen(next) {
      accept = next;
    },
    setFaults(faults, agent) {
      if (agent === undefined) faultsOfAll = faults;
      else faultsOf.set(agent, faults);
    },
    setPartition(partition, agent) {
      if (agent === undefined) partitionOfAll = partition;
      else partitionOf.set(agent, partition);
    },
    cut(agent) {
      for (const wire of [...wires]) {
        if (agent === undefined || wire.agent === agent) {
          end(wire, { code: 1006, detail: "connection cut" });
        }
      }
    },
    connections: () => wires.size,
    openSinceMs: (agent) =>
      [...wires].flatMap((wire) =>
        wire.agent === agent && !wire.closing && wire.openSinceMs !== null
          ? [wire.openSinceMs]
          : [],
      ),
  };
}
