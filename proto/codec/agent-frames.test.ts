import { describe, expect, test } from "vitest";
import { joinRaw, rawBytes, rawNumber, repeatRaw } from "#test/support/raw-protobuf.ts";
import { sampleAgentMessages, sampleHello, sampleState } from "#test/support/sample-messages.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { decodeAgentFrame, encodeAgentFrame } from "./agent-frames.ts";
import { helloToWire } from "./hello-fields.ts";
import { schema } from "./schema.ts";
import { stateToWire } from "./state-fields.ts";

type WireFrame = Parameters<typeof schema.AgentFrame.encode>[0];

function problemOf(frame: Uint8Array) {
  const decoded = decodeAgentFrame(frame);
  return decoded.ok ? "decoded" : `${decoded.problem.kind} ${decoded.problem.where}`;
}

const problemOfWire = (frame: WireFrame) => problemOf(schema.AgentFrame.encode(frame).finish());
const hello = (change: WireFrame["hello"]) =>
  problemOfWire({ hello: { ...helloToWire(sampleHello), ...change } });
const state = (change: WireFrame["state"]) =>
  problemOfWire({ state: { ...stateToWire(sampleState), ...change } });

describe("a hello", () => {
  test.each([
    ["no protocol", { protocol: 0 }, "field-invalid hello.protocol"],
    [
      "an oldest protocol above its own",
      { protocolOldest: 2 },
      "field-invalid hello.protocol_oldest",
    ],
    ["no release", { agentRelease: "" }, "field-missing hello.agent_release"],
    ["no host", { hostId: "" }, "field-missing hello.host_id"],
    ["a host that is no UUID", { hostId: "../../etc" }, "field-invalid hello.host_id"],
    [
      "an upper-case UUID",
      { bootId: sampleHello.bootId.toUpperCase() },
      "field-invalid hello.boot_id",
    ],
    ["no boot", { bootId: "" }, "field-missing hello.boot_id"],
    ["no incarnation", { incarnationId: "" }, "field-missing hello.incarnation_id"],
    ["no spool", { spoolId: "" }, "field-missing hello.spool_id"],
    ["a next number of 0", { nextSeq: 0 }, "field-invalid hello.next_seq"],
    ["no digest", { dictionaryDigest: new Uint8Array(0) }, "field-invalid hello.dictionary_digest"],
    [
      "a release with an escape",
      { agentRelease: "1\u001b[2J" },
      "field-invalid hello.agent_release",
    ],
    [
      "a release of 257 bytes",
      { agentRelease: "1".repeat(257) },
      "limit-exceeded hello.agent_release",
    ],
    ["a time out of range", { wallUnixMs: -8.64e15 - 1 }, "field-invalid hello.wall_unix_ms"],
  ])("with %s is refused", (_, change, problem) => {
    expect(hello(change)).toBe(problem);
  });

  test("with a clock 30 years off is heard", () => {
    expect(hello({ wallUnixMs: -946_684_800_000 })).toBe("decoded");
  });

  test("of a protocol to come is heard, so that it can be answered", () => {
    expect(hello({ protocol: 9, protocolOldest: 2 })).toBe("decoded");
  });
});

describe("a state", () => {
  test("shows unsafe characters of facts as U+FFFD", () => {
    const identity = {
      ...stateToWire(sampleState).identity,
      serial: "S1\u0000\r\n\u009b2J\u202eok\t.",
    };
    const frame = schema.AgentFrame.encode({ state: { ...stateToWire(sampleState), identity } });
    expect(decodeAgentFrame(frame.finish())).toMatchObject({
      value: { state: { identity: { serial: "S1\ufffd\ufffd\ufffd\ufffd2J\ufffdok\t." } } },
    });
  });

  test.each([
    ["no identity", { identity: null }, "field-missing state.identity"],
    [
      "a serial of 257 bytes",
      { identity: { serial: "x".repeat(257) } },
      "limit-exceeded state.identity.serial",
    ],
    [
      "a size beyond 2^53",
      { identity: { components: [{ sizeBytes: 2 ** 60 }] } },
      "field-invalid state.identity.components.size_bytes",
    ],
    ["a collector without subject", { collectors: [{}] }, "field-missing state.collectors.subject"],
    [
      "an absence of nothing",
      { absences: [{ reason: "timed-out" }] },
      "field-missing state.absences.what",
    ],
  ])("with %s is refused", (_, change, problem) => {
    expect(state(change)).toBe(problem);
  });

  test("of a newer agent decodes, with 'unspecified' for words of tomorrow", () => {
    const newer = {
      ...stateToWire(sampleState),
      identity: { components: [{ kind: 77, slot: "fpga0" }] },
      collectors: [{ subject: "fpga", outcome: 9 }],
      absences: [{ what: "hw.fpga", reason: "eaten-by-mice" }],
    };
    expect(decodeAgentFrame(schema.AgentFrame.encode({ state: newer }).finish())).toMatchObject({
      value: {
        state: {
          identity: { components: [{ kind: "unspecified", slot: "fpga0" }] },
          collectors: [{ outcome: "unspecified" }],
          absences: [{ reason: "unspecified" }],
        },
      },
    });
  });

  test("whose words are those of an object's prototype gets no reason from it", () => {
    const absences = [{ what: "x", reason: "constructor" }];
    const frame = schema.AgentFrame.encode({ state: { ...stateToWire(sampleState), absences } });
    expect(decodeAgentFrame(frame.finish())).toMatchObject({
      value: { state: { absences: [{ reason: "unspecified" }] } },
    });
  });

  test("leaves the agent cleaned and cut to what a manager takes", () => {
    const identity = {
      ...sampleState.identity,
      product: "ä".repeat(400),
      serial: "a\u0000b",
      os: "\ud800",
    };
    const frame = encodeAgentFrame({ kind: "state", state: { ...sampleState, identity } });
    expect(decodeAgentFrame(frame)).toMatchObject({
      value: {
        state: { identity: { product: "ä".repeat(128), serial: "a\ufffdb", os: "\ufffd" } },
      },
    });
  });
});

describe("a frame", () => {
  const dictionary = (...parts: Uint8Array[]) => rawBytes(2, ...parts);
  const emptyEntry = (field: number) => rawBytes(field);

  test.each([
    ["no byte", new Uint8Array(0), "empty frame"],
    ["one byte too many", new Uint8Array(wireLimits.messageBytesMax + 1), "too-large frame"],
    ["a message of tomorrow", rawBytes(99, "hello"), "unknown-message frame"],
    ["a number where a message belongs", Uint8Array.from(rawNumber(1, 1)), "unknown-message frame"],
    [
      "two messages",
      joinRaw(rawBytes(7, rawNumber(2, 1)), rawBytes(5, rawBytes(1, "id"))),
      "malformed frame",
    ],
    ["one message twice", repeatRaw(rawBytes(7), 2), "limit-exceeded heartbeat"],
    ["text that is not UTF-8", rawBytes(5, rawBytes(1, [0xc3, 0x28])), "malformed frame"],
    ["half a surrogate pair", rawBytes(5, rawBytes(1, [0xed, 0xa0, 0x80])), "malformed frame"],
    [
      "8,193 series",
      dictionary(repeatRaw(emptyEntry(2), 8_193)),
      "limit-exceeded dictionary.series",
    ],
    [
      "a series of 9 attributes",
      dictionary(rawBytes(2, repeatRaw(emptyEntry(6), 9))),
      "limit-exceeded dictionary.series.attributes",
    ],
    [
      "8,193 columns",
      rawBytes(3, repeatRaw(emptyEntry(7), 8_193)),
      "limit-exceeded report.columns",
    ],
    ["257 gaps", rawBytes(3, repeatRaw(emptyEntry(8), 257)), "limit-exceeded report.gaps"],
    ["65 collectors", rawBytes(4, repeatRaw(emptyEntry(4), 65)), "limit-exceeded state.collectors"],
    [
      "4,097 absences",
      rawBytes(4, repeatRaw(emptyEntry(5), 4_097)),
      "limit-exceeded state.absences",
    ],
    [
      "4,097 components",
      rawBytes(6, rawBytes(4, repeatRaw(emptyEntry(19), 4_097))),
      "limit-exceeded enrol.identity.components",
    ],
  ])("of %s is refused", (_, frame, problem) => {
    expect(problemOf(frame)).toBe(problem);
  });

  test("may be held to fewer bytes", () => {
    const [enrol] = sampleAgentMessages
      .filter(({ kind }) => kind === "enrol")
      .map(encodeAgentFrame);
    if (!enrol) throw new Error("the samples have no enrolment");
    expect(decodeAgentFrame(enrol, { bytesMax: enrol.length }).ok).toBe(true);
    expect(decodeAgentFrame(enrol, { bytesMax: enrol.length - 1 })).toMatchObject({
      problem: { kind: "too-large" },
    });
  });

  test.each(sampleAgentMessages.map((message) => [message.kind, message] as const))(
    "with a %s decodes with fields of tomorrow before and after it",
    (_, message) => {
      const frame = encodeAgentFrame(message);
      const decoded = decodeAgentFrame(frame);
      expect(decoded.ok).toBe(true);
      expect(decodeAgentFrame(joinRaw(rawBytes(60, "x"), frame, rawNumber(61, 7)))).toEqual(
        decoded,
      );
    },
  );

  test("is never unpacked into more than it names: a token of another form is only text", () => {
    const enrol = {
      token: "'; DROP TABLE tokens; --",
      agentRelease: "1",
      identity: {},
      bootId: sampleHello.bootId,
    };
    expect(decodeAgentFrame(schema.AgentFrame.encode({ enrol }).finish())).toMatchObject({
      value: { enrol: { token: "'; DROP TABLE tokens; --" } },
    });
  });
});
