import { type OperationKind, operationKinds } from "#fleet/inventory/running-operation.ts";
import type { HoldKind, HoldRecord } from "./hold.ts";

/**
 * What a hold can forbid: the operations, and what is none. `place`: a lease may land there;
 * `force-drain`: a drain that ends hard what does not stop; `erase`: any writing over data.
 */
export const verbs = [...operationKinds, "place", "force-drain", "erase"] as const;
export type Verb = (typeof verbs)[number];

/** `but-for-whom`: not for the lease or tenant it names. */
type Block = "blocks" | "blocks-but-for-whom";

const powerOrBoot = {
  power: "blocks",
  reboot: "blocks",
  inspect: "blocks",
  burnin: "blocks",
  deploy: "blocks",
  service: "blocks",
  reimage: "blocks",
  retire: "blocks",
} as const;

/**
 * Which hold forbids which verb; what is not named is free. Deploying is placing, and writes over
 * disks; retiring erases.
 */
export const holdBlocks: { readonly [K in HoldKind]: { readonly [V in Verb]?: Block } } = {
  cordon: { place: "blocks", deploy: "blocks" },
  protect: { "force-drain": "blocks", reimage: "blocks", retire: "blocks" },
  "power-lockout": powerOrBoot,
  legal: { erase: "blocks", deploy: "blocks", reimage: "blocks", retire: "blocks" },
  fault: { place: "blocks", deploy: "blocks" },
  reservation: { place: "blocks-but-for-whom", deploy: "blocks-but-for-whom" },
  tenant: { drain: "blocks", "force-drain": "blocks" },
};

/** What each hold means, for people. */
export const holdWords: { readonly [K in HoldKind]: string } = {
  cordon: "nothing new is placed there",
  protect: "no forced drain, reimage or retirement",
  "power-lockout": "no change of power or boot: somebody is at the machine",
  legal: "its data must stay: no erasing, reimaging or retiring",
  fault: "nothing new is placed there while it is ill",
  reservation: "placement only for whom it is kept",
  tenant: "no drain before its date",
};

/** Those that have not run out. */
export function holdsAt(holds: readonly HoldRecord[], nowMs: number): readonly HoldRecord[] {
  return holds.filter((hold) => hold.expiresMs === null || hold.expiresMs > nowMs);
}

/** The holds that forbid it now; `forWhom`: the tenant or lease it would be done for. */
export function holdsAgainst(
  verb: Verb,
  holds: readonly HoldRecord[],
  nowMs: number,
  forWhom: string | null = null,
): readonly HoldRecord[] {
  return holdsAt(holds, nowMs).filter((hold) => {
    const block = holdBlocks[hold.kind][verb];
    if (block === "blocks") return true;
    return block === "blocks-but-for-whom" && (forWhom === null || hold.forWhom !== forWhom);
  });
}

/** Who would release a hold. A tenant is known by its name. */
export interface Releaser {
  readonly kind: HoldRecord["holderKind"];
  readonly name: string;
}

/**
 * Operators release every hold. Automation and tenants release only their own kind's, and only what
 * they hold themselves: nobody below releases what an operator holds.
 */
export function mayRelease(hold: HoldRecord, by: Releaser): boolean {
  if (by.kind === "operator") return true;
  return by.kind === hold.holderKind && by.name === hold.holder;
}

/** Who can release it, in words. */
export function whoReleases(hold: HoldRecord): string {
  if (hold.kind === "fault") return "health, when its cause is gone; or an operator";
  if (hold.holderKind === "tenant") return `${hold.holder}, or an operator`;
  return hold.holderKind === "operator" ? `${hold.holder}, or another operator` : "an operator";
}

/** Operations that this release carries out; the others stand in the table and wait for theirs. */
export const carriedOut = [
  "drain",
  "reboot",
  "return",
  "clear",
  "power",
  "locate",
] as const satisfies OperationKind[];
export type CarriedOut = (typeof carriedOut)[number];
