import type { Phase } from "#fleet/inventory/host-record.ts";
import type { OperationKind } from "#fleet/inventory/running-operation.ts";

/** What people see while it runs; null: the phase's own word stands. */
export const operationWords = {
  enrol: null,
  adopt: null,
  inspect: "inspecting",
  burnin: "burning in",
  deploy: "deploying",
  drain: "draining",
  service: "servicing",
  repair: "under repair",
  reimage: "reimaging",
  clear: null,
  return: null,
  retire: "retiring",
  power: null,
  reboot: null,
  locate: null,
} as const satisfies { readonly [K in OperationKind]: string | null };

/** The running operation's word, or else the phase. */
export function lifecycleWord(phase: Phase, running: OperationKind | null): string {
  return (running === null ? null : operationWords[running]) ?? phase;
}
