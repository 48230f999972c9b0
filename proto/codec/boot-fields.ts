import type { BootEvidence, SelEntry } from "#proto/messages/state.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import type { wws } from "#proto/generated/wire.js";
import { factText, optionalFact, optionalNumber, timeOfDay, wholeNumber } from "./field-checks.ts";

export function bootToWire(boot: BootEvidence): wws.v1.BootEvidence.$Properties {
  return {
    bootedUnixMs: boot.bootedMs,
    pstore: boot.pstore.slice(0, wireLimits.bootRecordsMax).map(toWireText),
    sel: boot.sel.slice(-wireLimits.bootRecordsMax).map((entry) => ({
      id: entry.id,
      unixMs: entry.atMs,
      sensor: toWireText(entry.sensor),
      event: toWireText(entry.event),
      asserted: entry.asserted,
    })),
    watchdogStatus: boot.watchdogStatus,
    agentStopped: boot.agentStopped,
    agentLastUnixMs: boot.agentLastMs,
    shutdown: boot.shutdown === null ? null : toWireText(boot.shutdown),
  };
}

export function bootFromWire(fields: wws.v1.BootEvidence.$Properties): BootEvidence {
  const where = "state.boot";
  return {
    bootedMs: timeOfDay(fields.bootedUnixMs, `${where}.booted_unix_ms`),
    pstore: (fields.pstore ?? [])
      .slice(0, wireLimits.bootRecordsMax)
      .map((line) => factText(line, `${where}.pstore`)),
    sel: (fields.sel ?? []).slice(0, wireLimits.bootRecordsMax).map(selFromWire),
    watchdogStatus: optionalNumber(fields.watchdogStatus, `${where}.watchdog_status`),
    agentStopped: fields.agentStopped ?? null,
    agentLastMs:
      fields.agentLastUnixMs == null
        ? null
        : timeOfDay(fields.agentLastUnixMs, `${where}.agent_last_unix_ms`),
    shutdown: optionalFact(fields.shutdown, `${where}.shutdown`),
  };
}

function selFromWire(fields: wws.v1.SelEntry.$Properties): SelEntry {
  const where = "state.boot.sel";
  return {
    id: wholeNumber(fields.id, `${where}.id`),
    atMs: fields.unixMs == null ? null : timeOfDay(fields.unixMs, `${where}.unix_ms`),
    sensor: factText(fields.sensor, `${where}.sensor`),
    event: factText(fields.event, `${where}.event`),
    asserted: fields.asserted ?? false,
  };
}
