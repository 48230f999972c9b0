import type { Phase } from "#fleet/inventory/host-record.ts";
import type { OperationKind } from "#fleet/inventory/running-operation.ts";
import { lifecycleNumbers } from "./numbers.ts";
import type { OperationRow, Pair } from "./operation-row.ts";
import { active, fresh, no, planned, retired, to } from "./pair-words.ts";

const { operationDeadlineMs } = lifecycleNumbers;

/**
 * What may be done to a host in which phase, and where that leads. The compiler wants every pair.
 * docs/host-lifecycle.md is made from it.
 */
export const operationTable = {
  enrol: {
    class: "M",
    says: "take in a machine whose identity is proven",
    success: "its identity is proven",
    failure: { to: "same", words: "stays, with the reason" },
    deadlineMs: operationDeadlineMs.enrol,
    fromPending: "new",
    pairs: {
      planned: to("new"),
      new: no("is enrolled already"),
      available: no("is enrolled already"),
      active: no("is enrolled already"),
      drained: no("is enrolled already"),
      quarantined: no("is enrolled already"),
      retired,
    },
  },
  adopt: {
    class: "M",
    says: "take in a running machine as it stands",
    success: "claimed as it stands: shared, without a lease, its data tainted",
    failure: { to: "same", words: "stays in pending" },
    deadlineMs: null,
    fromPending: "active",
    pairs: {
      planned: no("is only planned: adopt is for machines that wait in pending"),
      new: no("is a host already: adopt is for machines that wait in pending"),
      available: no("is a host already: adopt is for machines that wait in pending"),
      active: no("is a host already: adopt is for machines that wait in pending"),
      drained: no("is a host already: adopt is for machines that wait in pending"),
      quarantined: no("is a host already: adopt is for machines that wait in pending"),
      retired,
    },
  },
  inspect: {
    class: "M",
    says: "compare it with its class and its cabling plan",
    success: "inventory matches its class, cabling its plan",
    failure: { to: "quarantined", words: "quarantined, the difference kept" },
    deadlineMs: operationDeadlineMs.inspect,
    fromPending: null,
    pairs: {
      planned,
      new: to("same"),
      available: no("was inspected before it became available"),
      active,
      drained: no("is inspected after a repair or a reimage, not while it is drained"),
      quarantined: to("same"),
      retired,
    },
  },
  burnin: {
    class: "M",
    says: "try CPU, memory, disks, network and power draw",
    success: "all pass, also against its cohort; then reimage",
    failure: { to: "quarantined", words: "quarantined" },
    deadlineMs: null,
    fromPending: null,
    pairs: {
      planned,
      new: to("same"),
      available: no("was burnt in when it was new"),
      active,
      drained: no("was burnt in when it was new"),
      quarantined: no("is quarantined: repair, inspect or reimage it"),
      retired,
    },
  },
  deploy: {
    class: "D",
    says: "write an image for a lease",
    success: "the image for a lease, attested",
    failure: { to: "quarantined", words: "quarantined, the lease placed elsewhere" },
    deadlineMs: operationDeadlineMs.deploy,
    fromPending: null,
    pairs: {
      planned,
      new: fresh,
      available: to("active"),
      active: no("serves already: an image is written only to a host that is available"),
      drained: no("still has its data: reimage it first"),
      quarantined: no("is quarantined: reimage it first"),
      retired,
    },
  },
  drain: {
    class: "M",
    says: "move work off it, and prove that it is empty",
    success: "empty and fenced, by proof",
    failure: { to: "same", words: "paused and explained; cancel leaves it where it was" },
    deadlineMs: null,
    fromPending: null,
    pairs: {
      planned,
      new: no("is new: nothing runs there that could be drained"),
      available: to("drained"),
      active: to("drained"),
      drained: no("is drained already"),
      quarantined: no("is quarantined: nothing runs there that could be drained"),
      retired,
    },
  },
  service: {
    class: "M",
    says: "change firmware or settings, data kept",
    success: "inventory taken anew matches",
    failure: {
      to: "same",
      words: "stays in service, someone is paged; power is never cut inside a flash; data is kept",
    },
    deadlineMs: operationDeadlineMs.service,
    fromPending: null,
    pairs: {
      planned,
      new: no("is new: inspect brings its firmware up"),
      available: to("same"),
      active: to("same"),
      drained: to("same"),
      quarantined: to("same"),
      retired,
    },
  },
  repair: {
    class: "M",
    says: "swap a part",
    success: "part swapped, ledger and component history updated; then inspect",
    failure: { to: "same", words: "alert, no automatic action" },
    deadlineMs: null,
    fromPending: null,
    pairs: {
      planned,
      new: no("is new: a part that is wrong shows in inspect, which quarantines it"),
      available: no("is for sale: drain it first"),
      active,
      drained: to("same"),
      quarantined: to("same"),
      retired,
    },
  },
  reimage: {
    class: "D",
    says: "erase every disk and write a verified image",
    success: "erased, verified, written and booted",
    failure: { to: "quarantined", words: "quarantined, disks stay tainted" },
    deadlineMs: null,
    fromPending: null,
    pairs: {
      planned,
      new: to("available"),
      available: to("available"),
      active,
      drained: to("available"),
      quarantined: to("available"),
      retired,
    },
  },
  clear: {
    class: "M",
    says: "take it out of quarantine, data kept",
    success: "the cause is gone, identity and media set are unchanged",
    failure: { to: "same", words: "stays quarantined, with the reason" },
    deadlineMs: operationDeadlineMs.clear,
    fromPending: null,
    pairs: {
      planned,
      new: no("is not quarantined"),
      available: no("is not quarantined"),
      active: no("is not quarantined"),
      drained: no("is not quarantined"),
      quarantined: to("before"),
      retired,
    },
  },
  return: {
    class: "M",
    says: "put it back to work as it was",
    success: "same image, data unchanged, hold released",
    failure: { to: "same", words: "stays drained, paused and explained" },
    deadlineMs: operationDeadlineMs.return,
    fromPending: null,
    pairs: {
      planned,
      new: no("is not drained"),
      available: no("is not drained"),
      active: no("is not drained: it serves already"),
      drained: to("active"),
      quarantined: no("is quarantined: clear brings it back"),
      retired,
    },
  },
  retire: {
    class: "D",
    says: "end its life here",
    success: "every disk clean, destroyed or in custody, BMC reset, keys revoked",
    failure: { to: "same", words: "alert" },
    deadlineMs: null,
    fromPending: null,
    pairs: {
      planned: to("retired"),
      new: no("is new: reimage it first, so that its disks are known to be clean"),
      available: to("retired"),
      active,
      drained: to("retired"),
      quarantined: to("retired"),
      retired: no("is retired already"),
    },
  },
  power: {
    class: "M",
    says: "switch it on, off or through a cycle",
    success: "the power state was read back",
    failure: { to: "same", words: "stays, with the reason" },
    deadlineMs: operationDeadlineMs.power,
    fromPending: null,
    pairs: {
      planned: to("same"),
      new: to("same"),
      available: to("same"),
      active: to("same"),
      drained: to("same"),
      quarantined: to("same"),
      retired,
    },
  },
  reboot: {
    class: "M",
    says: "restart its system",
    success: "another boot id, the agent is back",
    failure: { to: "same", words: "stays, with the reason" },
    deadlineMs: operationDeadlineMs.reboot,
    fromPending: null,
    pairs: {
      planned: to("same"),
      new: to("same"),
      available: to("same"),
      active: to("same"),
      drained: to("same"),
      quarantined: to("same"),
      retired,
    },
  },
  locate: {
    class: "L",
    says: "let its light blink",
    success: "the light was read back",
    failure: { to: "same", words: "stays, with the reason" },
    deadlineMs: operationDeadlineMs.locate,
    fromPending: null,
    pairs: {
      planned: to("same"),
      new: to("same"),
      available: to("same"),
      active: to("same"),
      drained: to("same"),
      quarantined: to("same"),
      retired,
    },
  },
} as const satisfies { readonly [K in OperationKind]: OperationRow };

export function pairOf(kind: OperationKind, phase: Phase): Pair {
  return operationTable[kind].pairs[phase];
}

/** Where success leads from `phase`; `backTo` is where a quarantined host was before. */
export function phaseAfter(kind: OperationKind, phase: Phase, backTo: Phase): Phase | undefined {
  const pair = pairOf(kind, phase);
  if (!pair.isAllowed) return undefined;
  if (pair.to === "same") return phase;
  return pair.to === "before" ? backTo : pair.to;
}

/** Whether any operation may lead from one phase to another: what every change is held against. */
export function mayBecome(from: Phase, next: Phase): boolean {
  if (from === next) return true;
  return Object.values<OperationRow>(operationTable).some((row) => {
    const pair = row.pairs[from];
    if (!pair.isAllowed) return false;
    if (pair.to === next || (row.failure.to === "quarantined" && next === "quarantined"))
      return true;
    return pair.to === "before" && next !== "retired" && next !== "planned";
  });
}
