import type { Rule } from "./checker.ts";
import { brake } from "./brake-bites.ts";
import { drained } from "./drained-is-empty.ts";
import { freeze } from "./freeze-stops-all.ts";
import { holds } from "./holds-forbid.ts";
import { l1 } from "./l1-clean-before-available.ts";
import { l3 } from "./l3-silence-changes-nothing.ts";
import { l4 } from "./l4-one-operation.ts";
import { l5 } from "./l5-timers-of-this-epoch.ts";
import { l6 } from "./l6-no-empty-selection.ts";
import { l8, l9 } from "./l8-l9-records.ts";
import { quarantine } from "./quarantine-left-by-clear.ts";
import { s3 } from "./s3-once.ts";
import { l2, s4 } from "./s4-nothing-destructive.ts";
import { l7, s5 } from "./s5-l7-budgets.ts";
import { s7 } from "./s7-one-audit-entry.ts";
import { s8 } from "./s8-table.ts";
import { s11 } from "./s11-lower-never-acts.ts";
import { s12 } from "./s12-ends-or-says-why.ts";
import { s13 } from "./s13-own-record-only.ts";

/** Every rule that can be seen from what a fleet does; docs/simulation.md says what each looks at. */
export const allRules: readonly Rule[] = [
  l1,
  l2,
  l3,
  l4,
  l5,
  l6,
  l7,
  l8,
  l9,
  s3,
  s4,
  s5,
  s7,
  s8,
  s11,
  s12,
  s13,
  brake,
  drained,
  freeze,
  holds,
  quarantine,
];
