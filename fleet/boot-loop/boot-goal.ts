import type { BmcIdentity } from "./bmc-driver.ts";

/** What the loop shall reach. Plain data: it stands in the operation's record. */
export type BootGoal = ImagingGoal | OffGoal | InstalledGoal;

interface GoalOfAll {
  /** Who must answer at the BMC's address before anything is changed there. */
  readonly machine: KnownMachine;
  /** The plan allows hard orders. Without it nothing graceful ever becomes forced. */
  readonly mayForce: boolean;
}

/** Be on, started once into the imaging OS: ends with a call of it by a boot id never seen. */
export interface ImagingGoal extends GoalOfAll {
  readonly kind: "imaging";
  readonly device: "network" | "http";
  readonly mode: "uefi" | "legacy";
  readonly httpUri: string | null;
  readonly uefiTarget: string | null;
  /** What is inserted where the network does not help; null: nothing is offered. */
  readonly mediaUrl: string | null;
  /** Lower case with colons: ports that the plan starts from; empty: any port of the host. */
  readonly bootMacs: readonly string[];
  /** First-stage programs that the boot service can hand out, the one in use first. */
  readonly loaders: readonly string[];
  /** Boot ids from before, of whatever system. */
  readonly knownBootIds: readonly string[];
}

/** Be off, proven well enough for a fence. */
export interface OffGoal extends GoalOfAll {
  readonly kind: "off";
  /** How long the system may take to stop when it is asked, ms; 0: it is not asked. */
  readonly graceMs: number;
  /** Below this a host of this class is off, mW; null: nobody knows, and watts are no evidence. */
  readonly standbyMaxMilliwatts: number | null;
}

/** No override left, then started from its own disk: ends with a call of the new system. */
export interface InstalledGoal extends GoalOfAll {
  readonly kind: "installed";
  readonly mode: "uefi" | "legacy";
  readonly imageDigest: string;
  readonly knownBootIds: readonly string[];
}

/** As enrolment pinned it; null: not known. */
export type KnownMachine = Pick<
  BmcIdentity,
  "serial" | "boardSerial" | "uuid" | "bmcMac" | "hostMacs"
>;
