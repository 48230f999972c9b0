import { exits } from "#fleet/lifecycle/exits.ts";
import { safeModeWhy } from "#fleet/lifecycle/safe-mode.ts";
import type { Cause } from "./alert.ts";
import type { AlertFacts } from "./alert-facts.ts";
import { alertNumbers } from "./alert-numbers.ts";
import { nowhere } from "./alert-place.ts";

/** What is wrong with the manager itself. `isShort`: the disk was short when it was last looked at. */
export function findCellCauses(facts: AlertFacts, isShort: boolean): readonly Cause[] {
  const cell = { scope: { kind: "cell", name: facts.cell }, place: nowhere } as const;
  const common = { ...cell, hosts: [], of: 0, id: null, acknowledged: null, work: null } as const;
  const found: Cause[] = [];
  const { safeMode, takeOver, audit, freeBytes } = facts;
  if (safeMode !== null)
    found.push({
      ...common,
      key: "safe-mode",
      kind: "safe-mode",
      severity: "page",
      words: safeModeWhy.words,
      command: exits.acknowledgeStore(),
      sinceMs: safeMode.sinceMs,
    });
  if (takeOver !== null && facts.nowMs - takeOver.atMs < alertNumbers.eventMs)
    found.push({
      ...common,
      key: `leadership:${takeOver.term}`,
      kind: "leadership",
      severity: "warn",
      words: `the manager that led in term ${takeOver.formerTerm} ended without a word; another leads in term ${takeOver.term}`,
      command: exits.operationList(),
      sinceMs: takeOver.atMs,
    });
  if (freeBytes !== null && isDiskShort(freeBytes, isShort)) {
    const isFull = freeBytes < alertNumbers.diskFullBytes;
    found.push({
      ...common,
      key: "disk",
      kind: "disk",
      severity: isFull ? "page" : "warn",
      words: `the disk of the manager's data folder ${isFull ? "is full" : "runs short"}: ${gibibytes(freeBytes)} GiB are free`,
      command: exits.configCheck(),
      sinceMs: facts.nowMs,
    });
  }
  if (audit !== null)
    found.push({
      ...common,
      key: "audit-broken",
      kind: "audit-broken",
      severity: "page",
      words: `the audit is broken at record ${audit.seq}: ${audit.words}`,
      command: exits.auditVerify(),
      sinceMs: audit.atMs,
    });
  for (const { name, sinceMs, why } of facts.failingChannels)
    found.push({
      ...common,
      key: `channel-failing:${name}`,
      kind: "channel-failing",
      severity: "warn",
      words: `alerts do not reach ${name}: ${why}`,
      command: exits.alertChannels(),
      scope: { kind: "channel", name },
      sinceMs,
    });
  return found;
}

/** More must come free than what made it short. */
export function isDiskShort(freeBytes: number, wasShort: boolean): boolean {
  const { diskShortBytes, diskClearFactor } = alertNumbers;
  return freeBytes < diskShortBytes * (wasShort ? diskClearFactor : 1);
}

function gibibytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
