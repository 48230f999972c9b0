import type { LinkTransport } from "#agent/link/transport.ts";
import type { OrderFacts } from "#agent/journal/order-journal.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import type { CommandOutcome } from "#proto/messages/frames.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import { createWitness, type SeenDictionaries, type Witness } from "#test/support/farm/witness.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";
import type { VirtualClock } from "#test/support/virtual-clock.ts";
import { createLiveAgent, type LiveAgent } from "./live-agent.ts";
import type { HostEffect } from "./host-work.ts";
import type { Seat } from "./seat.ts";
import type { Trace } from "./trace.ts";
import type { Tell } from "./watched-store.ts";
import { type OrderTap, type TappedCommand, tapOrders } from "./wire-tap.ts";

/** A live agent, and everything that the world sees of it. */
export interface WorldHost {
  readonly agent: LiveAgent;
  /** What was said to and by each seat's manager of its samples. */
  readonly witnesses: ReadonlyMap<string, Witness>;
  /** Past taps and witnesses: what somebody else sends in its name. */
  readonly bareTransport: LinkTransport;
  /** Commands that came and were not answered. */
  unanswered(): readonly string[];
  isRevoked: boolean;
  isHostile: boolean;
  wasHostile: boolean;
  /** Whoever speaks in its name has a session. */
  isLiarHeard: boolean;
  verdict: Verdict;
  /**
   * A message in its name came to the machine of a manager. False: whoever sent it is turned away, so
   * that it is no sign of life; `isToldBefore`: it was one when it came.
   */
  heard(isToldBefore?: boolean): boolean;
  /** Tells where nobody has heard it for so long. */
  tellSilence(forMs: number): void;
  /** Tells what is really so there, where it is something else than before. */
  tellState(): void;
}

export function createWorldHost(parts: {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly seats: readonly Seat[];
  /** Where connections go now. */
  readonly serving: () => Seat;
  readonly dictionaries: SeenDictionaries;
  readonly wallOffsetMs: number;
  readonly trace: Trace;
  readonly tell: Tell;
  readonly tellSilent: (hostId: HostId, sinceMs: number) => void;
  /** When an order was given away last. */
  readonly sentMs: (hostId: HostId, order: HostOrder) => number;
}): WorldHost {
  const { name, clock, trace, tell, seats } = parts;
  let noted: OrderFacts | null = null;
  let state = "";
  const halted = new Set<string>();
  let heardMs = clock.nowUnixMs();
  let isSilent = false;
  const waiting = new Map<string, { seenTerm: number; seenEpoch: number; wasDone: boolean }>();

  const idOf = (): HostId | null => agent.facts()?.identity?.hostId ?? null;
  const knownOf = ({ command }: TappedCommand) =>
    waiting.get(command.id) ?? {
      seenTerm: agent.facts()?.term ?? 0,
      seenEpoch: noted?.epoch ?? 0,
      wasDone: false,
    };

  const arrived = (tapped: TappedCommand): void => {
    const { command, order } = tapped;
    trace.note(`${name} is told ${order.action.kind} epoch ${order.epoch} term ${command.term}`);
    waiting.set(command.id, {
      seenTerm: agent.facts()?.term ?? 0,
      seenEpoch: noted?.epoch ?? 0,
      wasDone:
        noted?.orders.some(
          ({ commandId, answer }) => commandId === command.id && answer !== null,
        ) === true,
    });
  };

  const answered = (tapped: TappedCommand, { result, detail }: CommandOutcome): void => {
    const { command, order } = tapped;
    const hostId = idOf();
    if (hostId === null || result === "unspecified") return;
    trace.note(`${name} answers ${order.action.kind} epoch ${order.epoch}: ${result} ${detail}`);
    const { seenTerm, seenEpoch, wasDone } = knownOf(tapped);
    waiting.delete(command.id);
    tell({
      kind: "told",
      hostId,
      term: command.term,
      order,
      sentMs: parts.sentMs(hostId, order),
      seenTerm,
      seenEpoch,
      result: result === "done" && wasDone ? "repeated" : result,
    });
  };

  const did = (tapped: TappedCommand | undefined): void => {
    const hostId = idOf();
    if (hostId === null || tapped === undefined) return;
    const { command, order } = tapped;
    const { seenTerm, seenEpoch } = knownOf(tapped);
    const sentMs = parts.sentMs(hostId, order);
    tell({ kind: "did", hostId, term: command.term, seenTerm, seenEpoch, sentMs, order });
  };

  const onEffect = (effect: HostEffect): void => {
    const hostId = idOf();
    if (hostId === null) return;
    trace.note(`${name} does ${effect.kind} ${effect.epoch ?? ""}${effect.isHard ? " hard" : ""}`);
    tell({ kind: "effect", hostId, effect, noted });
    if (effect.kind !== "reboot") return;
    // The newest: an older one stays open where the disk was full when its boot was seen.
    const entry = noted?.orders.findLast(
      ({ action, answer }) => action === "reboot" && answer === null,
    );
    if (entry !== undefined) did(tap.command(entry.commandId));
  };

  const onJournal = (facts: OrderFacts): void => {
    const hostId = idOf();
    if (hostId === null) return;
    const before = noted;
    noted = facts;
    tell({
      kind: "orders-noted",
      hostId,
      before,
      noted: facts,
      seenTerm: agent.facts()?.term ?? 0,
      termOf: (commandId) => tap.command(commandId)?.command.term,
    });
    for (const entry of facts.orders) {
      const known = before?.orders.find(({ key }) => key === entry.key);
      if (known !== undefined && known.state === entry.state) continue;
      trace.note(`${name} notes ${entry.action} epoch ${entry.epoch} ${entry.state}`);
      // A reboot is told when the system takes it on.
      if (entry.answer?.result !== "done" || entry.action === "reboot") continue;
      // To halt may come twice: what was begun anew within the epoch is halted anew.
      if (entry.action === "halt-evacuation" && halted.has(entry.key)) continue;
      if (entry.action === "halt-evacuation") halted.add(entry.key);
      did(tap.command(entry.commandId));
    }
    host.tellState();
  };

  const witnesses = new Map(
    seats.map((seat) => [
      seat.name as string,
      createWitness(seat.network.transport(name), {
        nowMs: clock.nowMonotonicMs,
        dictionaries: parts.dictionaries,
      }),
    ]),
  );
  const toServing: LinkTransport = {
    connect(target, handlers) {
      const seat = parts.serving();
      trace.note(`${name} connects to ${seat.name}`);
      const witness = witnesses.get(seat.name);
      if (witness === undefined) throw new Error(`no witness at seat ${seat.name}`);
      return witness.transport.connect(target, handlers);
    },
  };
  const tap: OrderTap = tapOrders(toServing, { arrived, answered, frame: trace.count });

  const agent: LiveAgent = createLiveAgent({
    name,
    clock,
    random: parts.random,
    transport: tap.transport,
    cut: () => {
      for (const seat of seats) seat.network.cut(name);
    },
    wallOffsetMs: parts.wallOffsetMs,
    manager: "manager.test:7601",
    witness: {
      onEffect: (_, effect) => onEffect(effect),
      onJournal: (_, facts) => onJournal(facts),
      onChange: () => host.tellState(),
    },
  });

  const host: WorldHost = {
    agent,
    witnesses,
    bareTransport: {
      connect: (target, handlers) =>
        parts.serving().network.transport(name).connect(target, handlers),
    },
    unanswered: () => [...waiting.keys()],
    isRevoked: false,
    isHostile: false,
    wasHostile: false,
    isLiarHeard: false,
    verdict: "ok",
    heard(isToldBefore = false) {
      // Turned away is not heard.
      if (!isToldBefore && host.isHostile && !host.isLiarHeard) return false;
      heardMs = clock.nowUnixMs();
      const hostId = idOf();
      if (!isSilent || hostId === null) return true;
      isSilent = false;
      tell({ kind: "heard", hostId, isHeard: true });
      return true;
    },
    tellSilence(forMs) {
      const hostId = idOf();
      if (isSilent || hostId === null || clock.nowUnixMs() - heardMs < forMs) return;
      isSilent = true;
      parts.tellSilent(hostId, heardMs);
    },
    tellState() {
      const hostId = idOf();
      if (hostId === null) return;
      const is = {
        isOn: agent.isOn(),
        isFenced: noted?.fence != null,
        running: agent.work.running(),
        verdict: host.verdict,
        bootId: agent.bootId(),
      };
      const text = JSON.stringify(is);
      if (text === state) return;
      state = text;
      trace.note(
        `${name} is ${is.isOn ? "on" : "off"}${is.isFenced ? ", fenced" : ""}, runs ${is.running.join(" ") || "nothing"}`,
      );
      tell({ kind: "host-is", hostId, ...is });
    },
  };
  return host;
}
