import type { Result } from "#proto/vocabulary/result.ts";
import type { Milliwatts, UnixMs } from "#proto/vocabulary/units.ts";
import type { BootSight, BootWay, BootWish } from "./boot-wish.ts";

/**
 * One host's BMC, spoken to in one protocol. One call at a time; no method rejects; a call ends soon
 * after its signal is aborted. Whatever it answers is a witness and no proof: `ok` of a change says
 * that the BMC took it on. An `unanswered` change may have been done all the same: read, then decide.
 */
export interface BmcDriver {
  readonly protocol: BmcProtocol;
  /** Who answers at this address: asked before each destructive call. */
  identify(signal: AbortSignal): Promise<Result<BmcIdentity, DriverProblem>>;
  power(signal: AbortSignal): Promise<Result<PowerSight, DriverProblem>>;
  /** Only what the service offers is sent; a graceful order never becomes a forced one by itself. */
  setPower(order: DriverPowerOrder, signal: AbortSignal): Promise<Result<Accepted, DriverProblem>>;
  boot(signal: AbortSignal): Promise<Result<BootSight, DriverProblem>>;
  /** The ways in which a boot wish can be said to this BMC, the usual first. */
  readonly bootWays: readonly BootWay[];
  setBoot(
    wish: BootWish,
    way: BootWay,
    signal: AbortSignal,
  ): Promise<Result<Accepted, DriverProblem>>;
  watts(signal: AbortSignal): Promise<Result<PowerDraw, DriverProblem>>;
  /** How far the firmware has come; null: it does not say. */
  progress(signal: AbortSignal): Promise<Result<string | null, DriverProblem>>;
  /** Entries newer than the one with this id; null: from the oldest that is kept. */
  events(
    afterId: string | null,
    signal: AbortSignal,
  ): Promise<Result<readonly BmcEvent[], DriverProblem>>;
  light(signal: AbortSignal): Promise<Result<boolean | null, DriverProblem>>;
  setLight(forMs: number, signal: AbortSignal): Promise<Result<void, DriverProblem>>;
  /** The BMC itself; the host's power is to be read anew afterwards. */
  reset(signal: AbortSignal): Promise<Result<Accepted, DriverProblem>>;
  /** null: this protocol, or this BMC, has none. */
  readonly media: BmcMedia | null;
  readonly tasks: BmcTasks | null;
  /** Ends its session, also after an error; never throws. */
  close(): Promise<void>;
}

export type BmcProtocol = "redfish" | "ipmi" | "ipmitool";

/** `detail`: what happened, in words, without a password; at most 256 characters of the BMC's own. */
export interface DriverProblem {
  readonly kind: DriverProblemKind;
  readonly detail: string;
  /** HTTP status or IPMI completion code. */
  readonly code: number | null;
  /** Of a Redfish error: `Base.1.8.PropertyNotWritable`, `IDRAC.2.8.PSU501`. */
  readonly messageIds: readonly string[];
  readonly retryAfterMs: number | null;
}

export type DriverProblemKind =
  /** Nobody knows whether it was done. */
  | "unanswered"
  /** It said no; that it was not done still has to be read. */
  | "refused"
  /** It has no such thing: another way or another protocol is needed. */
  | "unsupported"
  /** It asks to come again: busy, starting, a job is in the way. */
  | "busy"
  | "unauthorised"
  /** No session is left. */
  | "session-full"
  /** It answers, but what the step needs is not there yet. */
  | "not-ready"
  /** What came cannot be read as what was asked for. */
  | "malformed"
  /** The signal was aborted before anything was sent. */
  | "withdrawn";

/** As the BMC tells it; each may be missing, a placeholder, or another host's. */
export interface BmcIdentity {
  readonly serial: string | null;
  readonly boardSerial: string | null;
  /** Lower case with dashes, in the byte order in which it came. */
  readonly uuid: string | null;
  /** The BMC's own, lower case with colons. */
  readonly bmcMac: string | null;
  readonly hostMacs: readonly string[];
  readonly maker: string | null;
  readonly model: string | null;
  /** The BMC's firmware. */
  readonly firmware: string | null;
}

/** `off` and `cycle` are hard; `restart` is a hard reset; the `soft` ones ask the system. */
export const driverPowerOrders = [
  "on",
  "off",
  "soft-off",
  "restart",
  "soft-restart",
  "cycle",
  "ac-cycle",
] as const;
export type DriverPowerOrder = (typeof driverPowerOrders)[number];

export interface PowerSight {
  readonly state: "on" | "off" | "unknown";
  /** Where the chassis tells its own state; null: it does not. */
  readonly chassis: "on" | "off" | "unknown" | null;
  readonly observedMs: UnixMs;
  /** In the BMC's own words: `PoweringOn`. */
  readonly said: string;
}

export interface Accepted {
  /** What can be asked of it later; null: there is nothing to ask. */
  readonly taskUri: string | null;
  /** What was sent: `PATCH /redfish/v1/Systems/1 target, enabled, mode`. */
  readonly sent: string;
}

/** `null` watts: it has no source that is active. */
export interface PowerDraw {
  readonly milliwatts: Milliwatts | null;
  readonly source: string;
  readonly observedMs: UnixMs;
}

export interface BmcEvent {
  readonly id: string;
  /** By the BMC's clock, which may be wrong: ordered by id. */
  readonly atMs: UnixMs | null;
  readonly words: string;
}

export interface BmcMedia {
  slots(signal: AbortSignal): Promise<Result<readonly MediaSlot[], DriverProblem>>;
  readonly insertWays: readonly string[];
  insert(
    ask: { readonly slot: string; readonly url: string; readonly way: string },
    signal: AbortSignal,
  ): Promise<Result<Accepted, DriverProblem>>;
  readonly ejectWays: readonly string[];
  eject(
    ask: { readonly slot: string; readonly way: string },
    signal: AbortSignal,
  ): Promise<Result<Accepted, DriverProblem>>;
}

export interface MediaSlot {
  /** Its address at the BMC. */
  readonly slot: string;
  readonly kinds: readonly string[];
  readonly inserted: boolean | null;
  readonly image: string | null;
  /** An insert action is offered here. */
  readonly mayInsert: boolean;
}

export interface BmcTasks {
  look(uri: string, signal: AbortSignal): Promise<Result<TaskSight, DriverProblem>>;
  /** Jobs that wait for the next start of the host and are in the way of a change. */
  pending(signal: AbortSignal): Promise<Result<readonly string[], DriverProblem>>;
  clear(isForced: boolean, signal: AbortSignal): Promise<Result<Accepted, DriverProblem>>;
}

/**
 * `gone`: it was there once, or was promised, and is not found: the result decides. An unknown word
 * counts as running until the deadline.
 */
export interface TaskSight {
  readonly state: "running" | "done" | "failed" | "gone";
  readonly percent: number | null;
  readonly said: string;
  readonly messageIds: readonly string[];
}
