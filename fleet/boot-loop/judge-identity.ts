import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import type { BmcIdentity } from "./bmc-driver.ts";
import type { KnownMachine } from "./boot-goal.ts";

/**
 * `same`: two facts agree (or the one that is known at all), and at most one differs; `other`: another
 * machine answers; `changed`: two agree and two differ; `unconfirmed`: too little can be compared.
 */
export interface IdentityVerdict {
  readonly kind: "same" | "other" | "changed" | "unconfirmed";
  readonly agree: readonly string[];
  readonly differ: readonly string[];
}

/**
 * Who answered at a BMC's address, against what enrolment pinned: like compared with like, placeholders
 * are no facts, and a UUID counts in either byte order.
 */
export function judgeIdentity(known: KnownMachine, told: BmcIdentity): IdentityVerdict {
  const agree: string[] = [];
  const differ: string[] = [];
  let pinned = 0;
  const compare = (
    name: string,
    mine: string | null,
    theirs: string | null,
    forms = plain,
  ): void => {
    if (mine === null || isPlaceholder(mine)) return;
    pinned += 1;
    if (theirs === null || isPlaceholder(theirs)) return;
    (forms(theirs).some((form) => plain(mine)[0] === form) ? agree : differ).push(name);
  };
  compare("serial", known.serial, told.serial);
  compare("board serial", known.boardSerial, told.boardSerial);
  compare("UUID", known.uuid, told.uuid, uuidForms);
  compare("BMC MAC", known.bmcMac, told.bmcMac);
  const macs = new Set(known.hostMacs.map((mac) => mac.toLowerCase()));
  if (macs.size > 0) {
    pinned += 1;
    // Cards come and go, and many BMCs tell none: a port that is known confirms, none refuses.
    if (told.hostMacs.some((mac) => macs.has(mac.toLowerCase()))) agree.push("host MAC");
  }
  return { kind: verdictOf(agree.length, differ.length, pinned), agree, differ };
}

function verdictOf(agree: number, differ: number, pinned: number): IdentityVerdict["kind"] {
  const wanted = Math.min(2, pinned);
  if (wanted === 0) return "unconfirmed";
  if (agree >= wanted) return differ <= (agree >= 2 ? 1 : 0) ? "same" : "changed";
  return differ > 0 ? "other" : "unconfirmed";
}

function plain(text: string): readonly string[] {
  return [text.trim().toLowerCase()];
}

/** As it came, and with its first three fields turned round (SMBIOS 2.6, 7.2.1). */
function uuidForms(text: string): readonly string[] {
  const own = text.trim().toLowerCase();
  const [a, b, c, d, e] = own.split("-");
  if (!uuidPattern.test(own) || !a || !b || !c || !d || !e) return [own];
  return [own, [turn(a), turn(b), turn(c), d, e].join("-")];
}

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function turn(hex: string): string {
  return (hex.match(/../g) ?? []).toReversed().join("");
}
