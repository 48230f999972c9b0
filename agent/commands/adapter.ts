import type { Workload } from "#proto/messages/orders.ts";
import type { EvacuationAsk, OrderName } from "./host-control.ts";

/**
 * One way in which work runs here: units, or one hook. Workloads are named without the adapter's own
 * name; problems are words without it too. Nothing rejects.
 */
export interface Adapter {
  /** `systemd`, `hook/libvirt`. */
  readonly name: string;
  list(): Promise<AdapterSight>;
  fence(ask: OrderName): Promise<Problems>;
  /** After a start: puts up again what a reboot takes down. */
  holdFence(ask: OrderName): Promise<Problems>;
  evacuate(ask: EvacuationAsk, signal: AbortSignal): Promise<Problems>;
  halt(ask: OrderName): Promise<Problems>;
  release(ask: OrderName & { readonly restart: readonly string[] }): Promise<Problems>;
}

/** `problem` not null: it could not be asked, and whatever else is said is no proof. */
export interface AdapterSight {
  readonly workloads: readonly Workload[];
  readonly problem: string | null;
}

export type Problems = readonly string[];

/** Every tool and hook runs with this, and nothing of the agent's own environment. */
export const adapterEnvironment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  LANG: "C",
  HOME: "/",
  TZ: "UTC",
} as const;
