import type { Heartbeat, Hello } from "#proto/messages/frames.ts";
import { toWireText } from "#proto/vocabulary/wire-text.ts";
import type { wws } from "#proto/generated/wire.js";
import { digestFromWire, digestToWire } from "./dictionary-digest.ts";
import { monotonicTime, requiredText, timeOfDay, uuidText, wholeNumber } from "./field-checks.ts";
import { refuse } from "./wire-error.ts";

export function helloToWire(hello: Hello): wws.v1.Hello.$Properties {
  return {
    protocol: hello.protocol,
    protocolOldest: hello.protocolOldest,
    agentRelease: toWireText(hello.agentRelease),
    hostId: hello.hostId,
    bootId: hello.bootId,
    incarnationId: hello.incarnationId,
    spoolId: hello.spoolId,
    nextSeq: hello.nextSeq,
    wallUnixMs: hello.wallMs,
    monotonicMs: hello.monotonicMs,
    simulated: hello.simulated,
    stateRevision: hello.stateRevision,
    dictionaryDigest: digestToWire(hello.dictionary),
    term: hello.term,
  };
}

export function helloFromWire(fields: wws.v1.Hello.$Properties): Hello {
  const protocol = wholeNumber(fields.protocol, "hello.protocol", { min: 1 });
  return {
    protocol,
    protocolOldest: wholeNumber(fields.protocolOldest, "hello.protocol_oldest", {
      min: 1,
      max: protocol,
    }),
    agentRelease: requiredText(fields.agentRelease, "hello.agent_release"),
    hostId: uuidText(fields.hostId, "hello.host_id"),
    bootId: uuidText(fields.bootId, "hello.boot_id"),
    incarnationId: uuidText(fields.incarnationId, "hello.incarnation_id"),
    spoolId: uuidText(fields.spoolId, "hello.spool_id"),
    nextSeq: wholeNumber(fields.nextSeq, "hello.next_seq", { min: 1 }),
    wallMs: timeOfDay(fields.wallUnixMs, "hello.wall_unix_ms"),
    monotonicMs: monotonicTime(fields.monotonicMs, "hello.monotonic_ms"),
    simulated: fields.simulated ?? false,
    stateRevision: wholeNumber(fields.stateRevision, "hello.state_revision"),
    dictionary:
      digestFromWire(fields.dictionaryDigest) ??
      refuse("field-invalid", "hello.dictionary_digest", "it is not 16 bytes"),
    term: wholeNumber(fields.term, "hello.term"),
  };
}

export function heartbeatToWire(heartbeat: Heartbeat): wws.v1.Heartbeat.$Properties {
  return { wallUnixMs: heartbeat.wallMs, monotonicMs: heartbeat.monotonicMs };
}

export function heartbeatFromWire(fields: wws.v1.Heartbeat.$Properties): Heartbeat {
  return {
    wallMs: timeOfDay(fields.wallUnixMs, "heartbeat.wall_unix_ms"),
    monotonicMs: monotonicTime(fields.monotonicMs, "heartbeat.monotonic_ms"),
  };
}
