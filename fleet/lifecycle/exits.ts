import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { AlertId, HoldId, LeaseId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import type { DrainKind } from "./operation.ts";
import { shellQuote } from "#proto/vocabulary/shell-words.ts";

/** The commands that end a wait or lift a refusal, as people copy them. */
export const exits = {
  manage: (host: Named) => `wws-fleet host manage ${shellQuote(host.name)} --reason REASON`,
  explain: (host: Named) => `wws-fleet host explain ${shellQuote(host.name)}`,
  drain: (host: Named, kind: DrainKind = "planned") =>
    `wws-fleet host drain ${shellQuote(host.name)}${asUrgent(kind)} --reason REASON`,
  forceDrain: (host: Named, kind: DrainKind = "planned") =>
    `wws-fleet host drain ${shellQuote(host.name)}${asUrgent(kind)} --force --reason REASON`,
  reboot: (host: Named) => `wws-fleet host reboot ${shellQuote(host.name)} --reason REASON`,
  powerOn: (host: Named) => `wws-fleet host power on ${shellQuote(host.name)} --reason REASON`,
  powerOff: (host: Named) => `wws-fleet host power off ${shellQuote(host.name)} --reason REASON`,
  powerCycle: (host: Named) =>
    `wws-fleet host power cycle ${shellQuote(host.name)} --reason REASON`,
  powerSoft: (host: Named) => `wws-fleet host power soft ${shellQuote(host.name)} --reason REASON`,
  returnHost: (host: Named) => `wws-fleet host return ${shellQuote(host.name)} --reason REASON`,
  clear: (host: Named) => `wws-fleet host clear ${shellQuote(host.name)} --reason REASON`,
  locate: (host: Named) => `wws-fleet host locate ${shellQuote(host.name)} --reason REASON`,
  locateOff: (host: Named) =>
    `wws-fleet host locate ${shellQuote(host.name)} --off --reason REASON`,
  pause: (id: OperationId) => `wws-fleet op pause ${id} --reason REASON`,
  resume: (id: OperationId) => `wws-fleet op resume ${id} --reason REASON`,
  cancel: (id: OperationId) => `wws-fleet op cancel ${id} --reason REASON`,
  confirmOff: (id: OperationId) => `wws-fleet op confirm-off ${id} --serial SERIAL --reason REASON`,
  releaseHold: (id: HoldId) => `wws-fleet hold release ${id} --reason REASON`,
  endLease: (id: LeaseId) => `wws-fleet lease end ${id}`,
  acknowledgeAlert: (id: AlertId) => `wws-fleet alert acknowledge ${id} --reason REASON`,
  alertChannels: () => "wws-fleet alert channels",
  auditVerify: () => "wws-fleet audit verify",
  configCheck: () => "wws-fleet config check",
  storeCheck: () => "wws-fleet store check",
  unfreeze: () => "wws-fleet unfreeze --reason REASON",
  acknowledgeStore: () => "wws-fleet store acknowledge --reason REASON",
  planShow: (id: PlanId) => `wws-fleet plan show ${id}`,
  planApply: (id: PlanId) => `wws-fleet plan apply ${id}`,
  planResume: (id: PlanId) => `wws-fleet plan resume ${id} --reason REASON`,
  siteShow: (code: string) => `wws-fleet site show ${shellQuote(code)}`,
  hostList: (selector?: string) =>
    selector === undefined ? "wws-fleet host list" : `wws-fleet host list ${shellQuote(selector)}`,
  operationList: () => "wws-fleet op list",
} as const;

type Named = Pick<HostRecord, "name">;

function asUrgent(kind: DrainKind): string {
  return kind === "planned" ? "" : ` --kind ${kind}`;
}
