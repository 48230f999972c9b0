import type {
  HostOrder,
  OrderAction,
  OrderEvidence,
  OrderProgress,
  Workload,
} from "#proto/messages/orders.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import type { wws } from "#proto/generated/wire.js";
import { enumWords } from "./enum-words.ts";
import { factText, requiredText, timeOfDay, uuidText, wholeNumber } from "./field-checks.ts";
import { refuse } from "./wire-error.ts";

/** A state that a newer agent knows reads as `stuck`: whatever it is, it is not known to be over. */
const workloadStates = enumWords<Workload["state"] | "unspecified">("unspecified", {
  unspecified: 0,
  running: 1,
  stopping: 2,
  migrating: 3,
  stopped: 4,
  stuck: 5,
});

const evacuationStates = enumWords<OrderProgress["state"] | "unspecified">("unspecified", {
  unspecified: 0,
  running: 1,
  ended: 2,
  failed: 3,
});

export function orderToWire(order: HostOrder): wws.v1.HostOrder.$Properties {
  const { operationId, epoch, generation, serial, action } = order;
  const fields = {
    operationId,
    epoch,
    generation,
    ...(serial === null ? {} : { serial: toWireText(serial) }),
  };
  switch (action.kind) {
    case "fence":
      return { ...fields, fence: {} };
    case "evacuate": {
      const { deadlineMs, graceMs, force } = action;
      return { ...fields, evacuate: { deadlineUnixMs: deadlineMs, graceMs, force } };
    }
    case "halt-evacuation":
      return { ...fields, haltEvacuation: {} };
    case "prove-empty":
      return { ...fields, proveEmpty: {} };
    case "release":
      return { ...fields, release: { restart: action.restart } };
    case "reboot":
      return { ...fields, reboot: { graceMs: action.graceMs } };
    case "unknown":
      return fields;
  }
}

/** An action of a newer manager is `unknown`: the agent refuses it in words and goes on. */
export function orderFromWire(fields: wws.v1.HostOrder.$Properties): HostOrder {
  const { serial } = fields;
  return {
    operationId: uuidText(fields.operationId, "command.order.operation_id"),
    epoch: wholeNumber(fields.epoch, "command.order.epoch"),
    generation: wholeNumber(fields.generation, "command.order.generation"),
    serial:
      serial === null || serial === undefined ? null : factText(serial, "command.order.serial"),
    action: actionFromWire(fields),
  };
}

function actionFromWire(fields: wws.v1.HostOrder.$Properties): OrderAction {
  const { evacuate, release, reboot } = fields;
  if (evacuate) {
    const where = "command.order.evacuate";
    return {
      kind: "evacuate",
      deadlineMs: timeOfDay(evacuate.deadlineUnixMs, `${where}.deadline_unix_ms`),
      graceMs: wholeNumber(evacuate.graceMs, `${where}.grace_ms`),
      force: evacuate.force ?? false,
    };
  }
  if (release) return { kind: "release", restart: release.restart ?? false };
  if (reboot) {
    return {
      kind: "reboot",
      graceMs: wholeNumber(reboot.graceMs, "command.order.reboot.grace_ms"),
    };
  }
  if (fields.fence) return { kind: "fence" };
  if (fields.haltEvacuation) return { kind: "halt-evacuation" };
  return fields.proveEmpty ? { kind: "prove-empty" } : { kind: "unknown" };
}

export function evidenceToWire(evidence: OrderEvidence): wws.v1.OrderEvidence.$Properties {
  return {
    epoch: evidence.epoch,
    fenced: evidence.isFenced,
    workloads: evidence.workloads.map(workloadToWire),
    tenantMounts: evidence.tenantMounts.map(toWireText),
    unasked: evidence.unasked.map(toWireText),
    observedUnixMs: evidence.observedMs,
  };
}

export function evidenceFromWire(fields: wws.v1.OrderEvidence.$Properties): OrderEvidence {
  const where = "outcome.evidence";
  return {
    epoch: wholeNumber(fields.epoch, `${where}.epoch`),
    isFenced: fields.fenced ?? false,
    workloads: workloadsFromWire(fields.workloads, `${where}.workloads`),
    tenantMounts: (fields.tenantMounts ?? []).map((at) => factText(at, `${where}.tenant_mounts`)),
    unasked: (fields.unasked ?? []).map((text) => factText(text, `${where}.unasked`)),
    observedMs: timeOfDay(fields.observedUnixMs, `${where}.observed_unix_ms`),
  };
}

export function progressToWire(progress: OrderProgress): wws.v1.OrderProgress.$Properties {
  return {
    operationId: progress.operationId,
    epoch: progress.epoch,
    state: evacuationStates.toNumber(progress.state),
    workloads: progress.workloads.map(workloadToWire),
    observedUnixMs: progress.observedMs,
  };
}

export function progressFromWire(fields: wws.v1.OrderProgress.$Properties): OrderProgress {
  const state = evacuationStates.toWord(fields.state);
  return {
    operationId: uuidText(fields.operationId, "order_progress.operation_id"),
    epoch: wholeNumber(fields.epoch, "order_progress.epoch"),
    // What a newer agent says of it: nothing that would end the wait.
    state: state === "unspecified" ? "running" : state,
    workloads: workloadsFromWire(fields.workloads, "order_progress.workloads"),
    observedMs: timeOfDay(fields.observedUnixMs, "order_progress.observed_unix_ms"),
  };
}

function workloadToWire(workload: Workload): wws.v1.Workload.$Properties {
  return {
    name: toWireText(workload.name),
    state: workloadStates.toNumber(workload.state),
    detail: toWireText(workload.detail),
  };
}

/** Names are unique: two that say the same cannot be told apart, and one might hide the other. */
function workloadsFromWire(
  fields: readonly wws.v1.Workload.$Properties[] | null | undefined,
  where: string,
): readonly Workload[] {
  const names = new Set<string>();
  return (fields ?? []).map((workload) => {
    const name = requiredText(workload.name, `${where}.name`);
    if (names.has(name)) refuse("field-invalid", `${where}.name`, "two workloads have one name");
    names.add(name);
    const state = workloadStates.toWord(workload.state);
    return {
      name,
      state: state === "unspecified" ? "stuck" : state,
      detail: factText(workload.detail, `${where}.detail`),
    };
  });
}
