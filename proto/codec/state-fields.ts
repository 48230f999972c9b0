import type { Absence, CollectorOutcome, HostState } from "#proto/messages/state.ts";
import { type AbsenceReason, absenceReasons } from "#proto/vocabulary/absence.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import type { wws } from "#proto/generated/wire.js";
import { attributesFromWire, attributesToWire } from "./attributes.ts";
import { enumWords } from "./enum-words.ts";
import {
  factText,
  optionalFact,
  plainText,
  requiredMessage,
  requiredText,
  timeOfDay,
  wholeNumber,
} from "./field-checks.ts";
import { bootFromWire, bootToWire } from "./boot-fields.ts";
import { identityFromWire, identityToWire } from "./identity-fields.ts";

const outcomes = enumWords<CollectorOutcome["outcome"]>("unspecified", {
  unspecified: 0,
  ok: 1,
  partial: 2,
  failed: 3,
});

export function stateToWire(state: HostState): wws.v1.State.$Properties {
  return {
    revision: state.revision,
    observedUnixMs: state.observedMs,
    identity: identityToWire(state.identity),
    collectors: state.collectors.map((collector) => ({
      subject: toWireText(collector.subject),
      outcome: outcomes.toNumber(collector.outcome),
      durationMicroseconds: Math.round(collector.durationMicroseconds),
      series: collector.series,
      detail: toWireText(collector.detail),
    })),
    absences: state.absences.map((absence) => ({
      what: toWireText(absence.what),
      attributes: attributesToWire(absence.attributes),
      reason: absence.reason,
      detail: toWireText(absence.detail),
    })),
    powerSource: state.powerSource === null ? null : toWireText(state.powerSource),
    boot: state.boot === null ? null : bootToWire(state.boot),
  };
}

export function stateFromWire(fields: wws.v1.State.$Properties): HostState {
  return {
    revision: wholeNumber(fields.revision, "state.revision"),
    observedMs: timeOfDay(fields.observedUnixMs, "state.observed_unix_ms"),
    identity: identityFromWire(
      requiredMessage(fields.identity, "state.identity"),
      "state.identity",
    ),
    collectors: (fields.collectors ?? []).map(collectorFromWire),
    absences: (fields.absences ?? []).map(absenceFromWire),
    powerSource: optionalFact(fields.powerSource, "state.power_source"),
    boot: fields.boot ? bootFromWire(fields.boot) : null,
  };
}

function collectorFromWire(field: wws.v1.CollectorOutcome.$Properties): CollectorOutcome {
  const where = "state.collectors";
  return {
    subject: requiredText(field.subject, `${where}.subject`),
    outcome: outcomes.toWord(field.outcome),
    durationMicroseconds: wholeNumber(field.durationMicroseconds, `${where}.duration_microseconds`),
    series: wholeNumber(field.series, `${where}.series`),
    detail: factText(field.detail, `${where}.detail`),
  };
}

function absenceFromWire(field: wws.v1.Absence.$Properties): Absence {
  const where = "state.absences";
  return {
    what: requiredText(field.what, `${where}.what`),
    attributes: attributesFromWire(field.attributes, `${where}.attributes`),
    reason: absenceReason(plainText(field.reason, `${where}.reason`)),
    detail: factText(field.detail, `${where}.detail`),
  };
}

function absenceReason(word: string): AbsenceReason {
  return Object.hasOwn(absenceReasons, word) ? (word as AbsenceReason) : "unspecified";
}
