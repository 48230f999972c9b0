import { fc } from "#test/support/properties.ts";
import type { AgentMessage, ManagerMessage } from "#proto/messages/frames.ts";
import type { Brand } from "#proto/vocabulary/brand.ts";
import type {
  BootId,
  CellId,
  DictionaryDigest,
  HostId,
  IncarnationId,
  KeyFingerprint,
  PendingId,
  SessionId,
  SpoolId,
} from "#proto/vocabulary/ids.ts";
import { type RefusalCode, refusals } from "#proto/vocabulary/refusal.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import {
  factText,
  hostState,
  identity,
  timeOfDay,
  uint32,
  wholeNumber,
  wireName,
} from "./arbitrary-facts.ts";
import { hostOrder, orderEvidence, orderProgress } from "./arbitrary-orders.ts";
import { dictionary, report, seqRange } from "./arbitrary-reports.ts";

/** Every message of both sides, arbitrary, as a well-behaved peer sends it. */
const uuid = <Id extends Brand<string, string>>() => fc.uuid().map((text) => text as Id);
const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((value) => Buffer.from(value).toString("hex"));
const positive = wholeNumber.map((number) => number || 1);
const positive32 = uint32.map((number) => number || 1);
const cell = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/).map((text) => text as CellId);
const certificate = fc.uint8Array({ minLength: 1, maxLength: 400 });
const retryAfterMs = fc.option(uint32, { nil: null });

const hello: fc.Arbitrary<AgentMessage> = fc
  .record({
    protocolOldest: fc.nat(3).map((number) => number + 1),
    newer: fc.nat(3),
    agentRelease: wireName,
    hostId: uuid<HostId>(),
    bootId: uuid<BootId>(),
    incarnationId: uuid<IncarnationId>(),
    spoolId: uuid<SpoolId>(),
    nextSeq: positive,
    wallMs: timeOfDay,
    monotonicMs: wholeNumber.map(monotonicMs),
    simulated: fc.boolean(),
    stateRevision: wholeNumber,
    dictionary: hex(16).map((text) => text as DictionaryDigest),
    term: wholeNumber,
  })
  .map(({ newer, ...rest }) => ({
    kind: "hello",
    hello: { ...rest, protocol: rest.protocolOldest + newer },
  }));

const heartbeat: fc.Arbitrary<AgentMessage> = fc
  .record({ wallMs: timeOfDay, monotonicMs: wholeNumber.map(monotonicMs) })
  .map((value) => ({ kind: "heartbeat", heartbeat: value }));

const outcome: fc.Arbitrary<AgentMessage> = fc
  .record({
    commandId: wireName,
    result: fc.constantFrom(
      "unspecified" as const,
      "done" as const,
      "refused" as const,
      "failed" as const,
    ),
    detail: factText,
    evidence: fc.option(orderEvidence, { nil: null }),
  })
  .map((value) => ({ kind: "outcome", outcome: value }));

const enrol: fc.Arbitrary<AgentMessage> = fc
  .record({
    token: fc.option(wireName, { nil: null }),
    agentRelease: wireName,
    simulated: fc.boolean(),
    identity,
    bootId: uuid<BootId>(),
    wallMs: timeOfDay,
  })
  .map((value) => ({ kind: "enrol", enrol: value }));

/** One arbitrary for each kind, so that a test can ask for all of them by name. */
export const agentMessages: Record<AgentMessage["kind"], fc.Arbitrary<AgentMessage>> = {
  hello,
  dictionary: dictionary.map((value) => ({ kind: "dictionary", dictionary: value })),
  report: report.map((value) => ({ kind: "report", report: value })),
  state: hostState.map((value) => ({ kind: "state", state: value })),
  outcome,
  enrol,
  heartbeat,
  "order-progress": orderProgress.map((value) => ({ kind: "order-progress", progress: value })),
};

const welcome: fc.Arbitrary<ManagerMessage> = fc
  .record({
    protocol: positive32,
    sessionId: uuid<SessionId>(),
    cell,
    managerMs: timeOfDay,
    term: wholeNumber,
    reportIntervalMs: positive32,
    stepMs: positive32,
    messageBytesMax: positive32,
    needState: fc.boolean(),
    needDictionary: fc.boolean(),
    acknowledged: fc.array(seqRange),
    certificateChain: fc.array(certificate, { maxLength: 3 }),
  })
  .map((value) => ({ kind: "welcome", welcome: value }));

const command: fc.Arbitrary<ManagerMessage> = fc
  .record({
    id: wireName,
    term: wholeNumber,
    expiresMs: timeOfDay,
    action: fc.oneof(
      fc.constant({ kind: "send-state" as const }),
      fc.constant({ kind: "unknown" as const }),
      positive32.map((reportIntervalMs) => ({
        kind: "set-report-interval" as const,
        reportIntervalMs,
      })),
      hostOrder.map((order) => ({ kind: "order" as const, order })),
    ),
  })
  .map((value) => ({ kind: "command", command: value }));

const refusal: fc.Arbitrary<ManagerMessage> = fc
  .record({
    code: fc.constantFrom("unknown" as const, ...(Object.keys(refusals) as RefusalCode[])),
    message: factText,
    hint: factText,
    retryAfterMs,
  })
  .map((value) => ({ kind: "refusal", refusal: value }));

const enrolAnswer: fc.Arbitrary<ManagerMessage> = fc
  .oneof(
    fc.record({
      kind: fc.constant("issued" as const),
      hostId: uuid<HostId>(),
      hostName: factText,
      cell,
      generation: wholeNumber,
      certificateChain: fc.array(certificate, { minLength: 1, maxLength: 3 }),
      managerMs: timeOfDay,
    }),
    fc.record({
      kind: fc.constant("pending" as const),
      pendingId: uuid<PendingId>(),
      fingerprint: hex(32).map((text) => text as KeyFingerprint),
      retryAfterMs: uint32,
      managerMs: timeOfDay,
    }),
  )
  .map((value) => ({ kind: "enrol", enrol: value }));

export const managerMessages: Record<ManagerMessage["kind"], fc.Arbitrary<ManagerMessage>> = {
  welcome,
  ack: fc
    .record({ ranges: fc.array(seqRange), reportIntervalMs: retryAfterMs })
    .map((value) => ({ kind: "ack", ack: value })),
  "state-ack": wholeNumber.map((revision) => ({ kind: "state-ack", revision })),
  command,
  refusal,
  enrol: enrolAnswer,
};
