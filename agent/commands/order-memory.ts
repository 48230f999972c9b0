import { type OrderEntry, type OrderFacts, ordersKept } from "#agent/journal/order-journal.ts";
import type { BootId } from "#proto/vocabulary/ids.ts";

/** What the journal says of an order that came again; null: it is to be carried out. */
export function answerOf(
  facts: OrderFacts,
  key: string,
  commandId: string,
): NonNullable<OrderEntry["answer"]> | null {
  const before = facts.orders.find((entry) => entry.key === key);
  if (before === undefined || before.answer === null) return null;
  // The same command, again on the wire: whatever came of it is the answer.
  if (before.commandId === commandId) return before.answer;
  // A new command: what failed is tried again, and what no longer holds is done again.
  return before.answer.result === "failed" || isUndone(facts, before) ? null : before.answer;
}

/** Fence and release, an evacuation and its halt, undo each other within one epoch. */
function isUndone({ fence, evacuation }: OrderFacts, { action, epoch }: OrderEntry): boolean {
  const isEvacuating = evacuation?.epoch === epoch && evacuation.state === "running";
  switch (action) {
    case "fence":
      return fence === null;
    case "release":
      return fence !== null;
    case "evacuate":
      return evacuation?.epoch === epoch && evacuation.state === "halted";
    case "halt-evacuation":
      return isEvacuating;
    case "reboot":
    case "prove-empty":
    case "unknown":
      return false;
  }
}

/** With the entry in the place of an older one of its key; the oldest go. */
export function withOrder(facts: OrderFacts, entry: OrderEntry): OrderFacts {
  const others = facts.orders.filter(({ key }) => key !== entry.key);
  return { ...facts, orders: [...others, entry].slice(-ordersKept) };
}

/** A reboot that was begun in another boot is done; the same facts where there is none. */
export function settleReboots(facts: OrderFacts, bootId: BootId): OrderFacts {
  const isBack = (entry: OrderEntry): boolean =>
    entry.action === "reboot" && entry.answer === null && entry.bootId !== bootId;
  if (!facts.orders.some(isBack)) return facts;
  const orders = facts.orders.map((entry): OrderEntry => {
    if (!isBack(entry)) return entry;
    const detail = `the system restarted: boot ${entry.bootId} is over, this is ${bootId}`;
    return { ...entry, state: "done", answer: { result: "done", detail } };
  });
  return { ...facts, orders };
}

/** An evacuation of an epoch that is over is over too. */
export function withoutOldEvacuation(facts: OrderFacts, epoch: number): OrderFacts {
  const { evacuation } = facts;
  if (evacuation?.state !== "running" || evacuation.epoch >= epoch) return facts;
  return { ...facts, evacuation: { ...evacuation, state: "halted" } };
}
