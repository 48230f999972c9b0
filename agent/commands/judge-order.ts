import type { OrderFacts } from "#agent/journal/order-journal.ts";
import type { Command } from "#proto/messages/frames.ts";
import type { HostOrder, OrderAction } from "#proto/messages/orders.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { cleanText } from "#proto/vocabulary/wire-text.ts";
import { type HoldNotice, holdWords } from "./hold-file.ts";

/** What an order is held against, all of it this host's own knowledge. */
export interface OrderMeasure {
  readonly facts: OrderFacts;
  /** Highest of any welcome. */
  readonly term: number;
  /** The manager's clock, as this host reckons it. */
  readonly nowMs: UnixMs;
  /** null: this host does not know its own. */
  readonly serial: string | null;
  readonly hold: HoldNotice | null;
  readonly whyNoReboot: string | null;
}

/** Looks, or makes the host do less: a hold does not stand against it. */
const passHold: readonly OrderAction["kind"][] = ["prove-empty", "halt-evacuation"];

/** null: it may be carried out; else why not, with both numbers in it. */
export function judgeOrder(
  command: Pick<Command, "term" | "expiresMs">,
  order: HostOrder,
  measure: OrderMeasure,
): string | null {
  const { facts, nowMs, serial, hold } = measure;
  const { action, epoch, generation } = order;
  const term = Math.max(facts.term, measure.term);
  if (action.kind === "unknown") return "this agent's release does not know what was ordered";
  if (command.term < term) {
    return `term ${command.term} is over: this host has seen term ${term}`;
  }
  if (command.expiresMs <= nowMs) {
    const lateMs = nowMs - command.expiresMs;
    return `it came ${(lateMs / 1_000).toFixed(1)} s after its time was over`;
  }
  if (generation !== facts.generation) {
    return `it is for generation ${generation} of this host's identity, which is generation ${facts.generation}`;
  }
  if (order.serial !== null && serial !== null && !isSameSerial(order.serial, serial)) {
    return `it is for the machine with serial ${order.serial}, this one's is ${cleanText(serial)}`;
  }
  if (epoch < facts.epoch) {
    return `epoch ${epoch} is over: this host has seen epoch ${facts.epoch}`;
  }
  if (hold !== null && !passHold.includes(action.kind)) return holdWords(hold);
  if (action.kind === "reboot") return measure.whyNoReboot;
  return null;
}

/** What is done once: the operation, its epoch and the action with all that it says. */
export function orderKey({ operationId, epoch, action }: HostOrder): string {
  const words: readonly (string | number | boolean)[] = (() => {
    switch (action.kind) {
      case "evacuate":
        return [action.deadlineMs, action.graceMs, action.force];
      case "release":
        return [action.restart];
      case "reboot":
        return [action.graceMs];
      default:
        return [];
    }
  })();
  return [operationId, epoch, action.kind, ...words].join(" ");
}

function isSameSerial(one: string, other: string): boolean {
  return cleanText(one).trim().toLowerCase() === cleanText(other).trim().toLowerCase();
}
