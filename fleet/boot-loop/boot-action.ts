import type { QuarantineReason } from "#fleet/lifecycle/quarantine-reasons.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { BmcProtocol, DriverPowerOrder } from "./bmc-driver.ts";
import type { BudgetName } from "./boot-policy.ts";
import type { BootWay, BootWish } from "./boot-wish.ts";
import type { SystemCall } from "./boot-witness.ts";

/**
 * R0 read again · R1 same call after a pause · R2 another form, same protocol · R3 another protocol or
 * medium · R4 restart of the BMC · R5 cut of auxiliary or AC power · R6 quarantine.
 */
export type Rung = "R0" | "R1" | "R2" | "R3" | "R4" | "R5" | "R6";

/** Only looks. */
export type BootLook =
  | { readonly kind: "identify"; readonly protocol: BmcProtocol }
  | { readonly kind: "read-power"; readonly protocol: BmcProtocol }
  | { readonly kind: "read-boot"; readonly protocol: BmcProtocol }
  | { readonly kind: "read-watts"; readonly protocol: BmcProtocol }
  | { readonly kind: "read-progress"; readonly protocol: BmcProtocol }
  | { readonly kind: "read-slots"; readonly protocol: BmcProtocol }
  | { readonly kind: "list-jobs"; readonly protocol: BmcProtocol };

/** Changes the machine: only after its BMC's identity was confirmed for this very call. */
export type BootChange =
  | {
      readonly kind: "set-power";
      readonly protocol: BmcProtocol;
      readonly order: DriverPowerOrder;
    }
  | {
      readonly kind: "set-boot";
      readonly protocol: BmcProtocol;
      readonly wish: BootWish;
      readonly way: BootWay;
    }
  | { readonly kind: "reset-bmc"; readonly protocol: BmcProtocol }
  | {
      readonly kind: "insert";
      readonly protocol: BmcProtocol;
      readonly slot: string;
      readonly url: string;
      readonly way: string;
    }
  | {
      readonly kind: "eject";
      readonly protocol: BmcProtocol;
      readonly slot: string;
      readonly way: string;
    }
  | { readonly kind: "clear-jobs"; readonly protocol: BmcProtocol; readonly isForced: boolean };

/** What our own boot service hands out; nothing of the host is changed. */
export interface UseLoader {
  readonly kind: "use-loader";
  readonly loader: string;
}

export type BootAction =
  | BootLook
  | BootChange
  | UseLoader
  | { readonly kind: "wait"; readonly untilMs: UnixMs }
  | { readonly kind: "end"; readonly end: BootEnd };

/** `evidence`: what it was believed for, in words. */
export type BootEnd =
  | { readonly kind: "reached"; readonly call: SystemCall | null; readonly evidence: string }
  | { readonly kind: "quarantine"; readonly reason: QuarantineReason; readonly words: string };

/** One rung that was taken, or one wait that began, for the operation's journal. */
export interface BootJournalEntry {
  readonly atMs: UnixMs;
  readonly wish: string;
  readonly action: BootAction;
  readonly rung: Rung;
  /** What called for it. */
  readonly why: string;
  /** What it was answered; null: it waits, ends, or the answer is not known. */
  readonly answer: string | null;
  /** The youngest reading or sight behind it, and its age, ms; null: there is none yet. */
  readonly evidence: string | null;
  readonly evidenceAgeMs: number | null;
  /** Of the budget that was spent; null: nothing was. */
  readonly budget: { readonly name: BudgetName; readonly left: number } | null;
}

const changeKinds = new Set([
  "set-power",
  "set-boot",
  "reset-bmc",
  "insert",
  "eject",
  "clear-jobs",
]);

export function isChange(action: BootAction): action is BootChange {
  return changeKinds.has(action.kind);
}

/** `redfish set-power restart`, `ipmi set-boot flags network once`. */
export function actionWords(action: BootAction): string {
  switch (action.kind) {
    case "wait":
      return "wait";
    case "end":
      return action.end.kind === "reached" ? "reached" : `quarantine ${action.end.reason}`;
    case "use-loader":
      return `use-loader ${action.loader}`;
    case "set-power":
      return `${action.protocol} set-power ${action.order}`;
    case "set-boot":
      return `${action.protocol} set-boot ${action.way} ${action.wish.device}${action.wish.isOnce ? " once" : ""} ${action.wish.mode}`;
    case "insert":
    case "eject":
      return `${action.protocol} ${action.kind} ${action.slot} ${action.way}`;
    case "clear-jobs":
      return `${action.protocol} clear-jobs${action.isForced ? " forced" : ""}`;
    default:
      return `${action.protocol} ${action.kind}`;
  }
}
