import type { Ack, Refusal, Welcome } from "#proto/messages/frames.ts";
import { type RefusalCode, refusals } from "#proto/vocabulary/refusal.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import type { wws } from "#proto/generated/wire.js";
import {
  cellName,
  certificates,
  factText,
  optionalNumber,
  plainText,
  timeOfDay,
  uuidText,
  wholeNumber,
} from "./field-checks.ts";
import { seqRangeFromWire } from "./report-fields.ts";

export function welcomeToWire(welcome: Welcome): wws.v1.Welcome.$Properties {
  return {
    protocol: welcome.protocol,
    sessionId: welcome.sessionId,
    cell: welcome.cell,
    managerUnixMs: welcome.managerMs,
    term: welcome.term,
    reportIntervalMs: welcome.reportIntervalMs,
    stepMs: welcome.stepMs,
    messageBytesMax: welcome.messageBytesMax,
    needState: welcome.needState,
    needDictionary: welcome.needDictionary,
    acknowledged: [...welcome.acknowledged],
    certificateChain: [...welcome.certificateChain],
  };
}

export function welcomeFromWire(fields: wws.v1.Welcome.$Properties): Welcome {
  return {
    protocol: wholeNumber(fields.protocol, "welcome.protocol", { min: 1 }),
    sessionId: uuidText(fields.sessionId, "welcome.session_id"),
    cell: cellName(fields.cell, "welcome.cell"),
    managerMs: timeOfDay(fields.managerUnixMs, "welcome.manager_unix_ms"),
    term: wholeNumber(fields.term, "welcome.term"),
    reportIntervalMs: wholeNumber(fields.reportIntervalMs, "welcome.report_interval_ms", {
      min: 1,
    }),
    stepMs: wholeNumber(fields.stepMs, "welcome.step_ms", { min: 1 }),
    messageBytesMax: wholeNumber(fields.messageBytesMax, "welcome.message_bytes_max", { min: 1 }),
    needState: fields.needState ?? false,
    needDictionary: fields.needDictionary ?? false,
    acknowledged: (fields.acknowledged ?? []).map((range) =>
      seqRangeFromWire(range, "welcome.acknowledged"),
    ),
    certificateChain: certificates(fields.certificateChain, "welcome.certificate_chain"),
  };
}

export function ackToWire(ack: Ack): wws.v1.Ack.$Properties {
  return { ranges: [...ack.ranges], reportIntervalMs: ack.reportIntervalMs };
}

export function ackFromWire(fields: wws.v1.Ack.$Properties): Ack {
  return {
    ranges: (fields.ranges ?? []).map((range) => seqRangeFromWire(range, "ack.ranges")),
    reportIntervalMs: optionalNumber(fields.reportIntervalMs, "ack.report_interval_ms"),
  };
}

export function refusalToWire(refusal: Refusal): wws.v1.Refusal.$Properties {
  return {
    code: refusal.code,
    message: toWireText(refusal.message),
    hint: toWireText(refusal.hint),
    retryAfterMs: refusal.retryAfterMs,
  };
}

export function refusalFromWire(fields: wws.v1.Refusal.$Properties): Refusal {
  return {
    code: refusalCode(plainText(fields.code, "refusal.code")),
    message: factText(fields.message, "refusal.message"),
    hint: factText(fields.hint, "refusal.hint"),
    retryAfterMs: optionalNumber(fields.retryAfterMs, "refusal.retry_after_ms"),
  };
}

function refusalCode(word: string): Refusal["code"] {
  return Object.hasOwn(refusals, word) ? (word as RefusalCode) : "unknown";
}
