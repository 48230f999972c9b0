import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { bmcMacOf, foldSerial, usableSerial } from "#fleet/inventory/serial.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { ApprovalRule, PendingView } from "./host-identity.ts";

/** Why a machine that waits is not a planned host by a rule. `words` is one sentence, and what to do. */
export interface Unmatched {
  readonly code: UnmatchedCode;
  readonly words: string;
}

export const unmatchedCodes = [
  "serial-unsaid",
  "serial-unknown",
  "serial-waits-twice",
  "serial-planned-twice",
  "already-taken",
  "other-site",
  "mac-unplanned",
  "mac-unseen",
  "mac-differs",
] as const;
export type UnmatchedCode = (typeof unmatchedCodes)[number];

export type Matched =
  | { readonly ok: true; readonly host: HostRecord }
  | { readonly ok: false; readonly why: Unmatched };

/** The hosts of an inventory by serial, those that a machine may still become apart from the others. */
export interface PlannedIndex {
  readonly open: ReadonlyMap<string, readonly HostRecord[]>;
  readonly taken: ReadonlyMap<string, HostRecord>;
}

export function indexPlanned(
  hosts: readonly HostRecord[],
  pinned: ReadonlySet<HostId>,
): PlannedIndex {
  const open = new Map<string, HostRecord[]>();
  const taken = new Map<string, HostRecord>();
  for (const host of hosts) {
    if (host.serial === null || host.phase === "retired") continue;
    const serial = foldSerial(host.serial);
    if (!isOpen(host) || pinned.has(host.id)) taken.set(serial, host);
    else if (open.has(serial)) open.get(serial)?.push(host);
    else open.set(serial, [host]);
  }
  return { open, taken };
}

/** Planned; or claimed by a machine whose key was perhaps not pinned yet when something broke. */
export function isOpen(host: HostRecord): boolean {
  if (host.phase === "planned") return true;
  const isFresh = host.phase === "new" || (host.phase === "active" && host.adopted);
  return isFresh && host.bootId === null && host.lastReportMs === null && host.revision > 1;
}

/** The one planned host that this machine is by the rule, or why there is none. */
export function matchPlanned(
  pending: PendingView,
  index: PlannedIndex,
  ask: {
    readonly rule: ApprovalRule;
    /** Only hosts of this site; null: of any. */
    readonly site: string | null;
    /** How many machines wait that say this serial, this one counted. */
    readonly waiting: (serial: string) => number;
  },
): Matched {
  const said = usableSerial(pending.identity);
  if (said === null)
    return no("serial-unsaid", "it says no serial; approve it by name after a look at it");
  const serial = foldSerial(said);
  const planned = index.open.get(serial) ?? [];
  const [host] = planned;
  if (host === undefined) {
    const taken = index.taken.get(serial);
    if (taken !== undefined)
      return no("already-taken", `${said} is ${taken.name}, which is ${taken.phase}`);
    return no("serial-unknown", `no planned host has the serial ${said}; import its row`);
  }
  if (planned.length > 1)
    return no("serial-planned-twice", `${planned.length} planned hosts have the serial ${said}`);
  const waiting = ask.waiting(serial);
  if (waiting > 1)
    return no("serial-waits-twice", `${waiting} machines that wait say the serial ${said}`);
  const { position } = host;
  if (ask.site !== null && position?.site !== ask.site)
    return no(
      "other-site",
      `${host.name} is planned ${position === null ? "without a place" : `for ${position.site}`}, and its token is for ${ask.site}`,
    );
  return ask.rule.includes("bmc-mac") ? matchMac(host, pending) : { ok: true, host };
}

function matchMac(host: HostRecord, { identity }: PendingView): Matched {
  if (host.bmcMac === null)
    return no("mac-unplanned", `${host.name} is planned without a BMC MAC; import it`);
  const seen = bmcMacOf(identity);
  if (seen === null)
    return no(
      "mac-unseen",
      `the agent does not see the BMC of what should be ${host.name}: it needs ipmitool and /dev/ipmi0; or approve it by --rule serial`,
    );
  if (seen === host.bmcMac) return { ok: true, host };
  return no("mac-differs", `${host.name} is planned with BMC ${host.bmcMac}, and ${seen} was seen`);
}

function no(code: UnmatchedCode, words: string): Matched {
  return { ok: false, why: { code, words } };
}
