import { describe, expect, test } from "vitest";
import { rawBytes, rawNumber, repeatRaw } from "#test/support/raw-protobuf.ts";
import { sampleManagerMessages } from "#test/support/sample-messages.ts";
import type { ManagerMessage } from "#proto/messages/frames.ts";
import { decodeManagerFrame, encodeManagerFrame } from "./manager-frames.ts";
import { schema } from "./schema.ts";

type WireFrame = Parameters<typeof schema.ManagerFrame.encode>[0];

const decodeWire = (frame: WireFrame) =>
  decodeManagerFrame(schema.ManagerFrame.encode(frame).finish());

/** The sample of a kind as protobufjs has it, to be changed. */
function wireOf<Kind extends keyof WireFrame>(
  kind: ManagerMessage["kind"],
  field: Kind,
): WireFrame[Kind] {
  const message = sampleManagerMessages.find((sample) => sample.kind === kind);
  if (!message) throw new Error(`there is no sample of ${kind}`);
  return schema.ManagerFrame.decode(encodeManagerFrame(message))[field];
}

function problemOf(frame: WireFrame) {
  const decoded = decodeWire(frame);
  return decoded.ok ? "decoded" : `${decoded.problem.kind} ${decoded.problem.where}`;
}

describe("an agent refuses", () => {
  test.each([
    ["no session", { sessionId: "" }, "field-missing welcome.session_id"],
    ["a cell of another form", { cell: "EU West" }, "field-invalid welcome.cell"],
    ["no interval", { reportIntervalMs: 0 }, "field-invalid welcome.report_interval_ms"],
    ["no step", { stepMs: 0 }, "field-invalid welcome.step_ms"],
    ["no size", { messageBytesMax: 0 }, "field-invalid welcome.message_bytes_max"],
    [
      "an empty certificate",
      { certificateChain: [new Uint8Array(0)] },
      "field-invalid welcome.certificate_chain",
    ],
    [
      "a certificate beyond 16 KiB",
      { certificateChain: [new Uint8Array(16 * 1_024 + 1)] },
      "field-invalid welcome.certificate_chain",
    ],
    [
      "nine certificates",
      { certificateChain: Array.from({ length: 9 }, () => Uint8Array.of(1)) },
      "limit-exceeded welcome.certificate_chain",
    ],
    [
      "a range of reports from 0",
      { acknowledged: [{ last: 4 }] },
      "field-invalid welcome.acknowledged.first",
    ],
    [
      "a range of reports that ends before it begins",
      { acknowledged: [{ first: 5, last: 4 }] },
      "field-invalid welcome.acknowledged.last",
    ],
  ])("a welcome with %s", (_, change, problem) => {
    expect(problemOf({ welcome: { ...wireOf("welcome", "welcome"), ...change } })).toBe(problem);
  });

  test.each([
    ["nothing in it", {}, "unknown-message enrol"],
    [
      "no certificate",
      { issued: { certificateChain: [] } },
      "field-missing enrol.issued.certificate_chain",
    ],
    [
      "a fingerprint that is none",
      { pending: { pendingId: "019b2c6e-b000-7aaa-8bbb-0123456789ab", fingerprint: "SHA256:abc" } },
      "field-invalid enrol.pending.fingerprint",
    ],
  ])("an enrolment answer with %s", (_, enrol, problem) => {
    expect(problemOf({ enrol })).toBe(problem);
  });

  test("a command without an id", () => {
    expect(problemOf({ command: { sendState: {} } })).toBe("field-missing command.id");
  });

  test("1,025 acknowledged ranges", () => {
    const frame = rawBytes(2, repeatRaw(rawBytes(1, rawNumber(1, 1), rawNumber(2, 1)), 1_025));
    expect(decodeManagerFrame(frame)).toMatchObject({
      problem: { kind: "limit-exceeded", where: "ack.ranges" },
    });
  });

  test("a pace of no milliseconds", () => {
    expect(problemOf({ command: { id: "c", setReportInterval: {} } })).toBe(
      "field-invalid command.set_report_interval.report_interval_ms",
    );
  });
});

describe("an agent understands a newer manager:", () => {
  test("a refusal in a word of tomorrow is `unknown`, with its text", () => {
    const refusal = {
      code: "on-strike",
      message: "pay\u001b[31m us",
      hint: "wait",
      retryAfterMs: 0,
    };
    expect(decodeWire({ refusal })).toEqual({
      ok: true,
      value: {
        kind: "refusal",
        refusal: { code: "unknown", message: "pay\ufffd[31m us", hint: "wait", retryAfterMs: 0 },
      },
    });
  });

  test("a refusal's code is never a word of an object's prototype", () => {
    expect(decodeWire({ refusal: { code: "toString" } })).toMatchObject({
      value: { refusal: { code: "unknown" } },
    });
  });

  test("a command it does not know is `unknown`, so that it can be answered by id", () => {
    const frame = rawBytes(4, rawBytes(1, "c-1"), rawBytes(99, "dance"));
    expect(decodeManagerFrame(frame)).toMatchObject({
      value: { command: { id: "c-1", action: { kind: "unknown" } } },
    });
  });

  test("a message it does not know is `unknown-message`", () => {
    expect(decodeManagerFrame(rawBytes(40, "x"))).toMatchObject({
      problem: { kind: "unknown-message" },
    });
  });
});

test("a refusal's message is cut to what an agent takes", () => {
  const refusal = {
    code: "overloaded",
    message: "x".repeat(999),
    hint: "",
    retryAfterMs: 1,
  } as const;
  expect(decodeManagerFrame(encodeManagerFrame({ kind: "refusal", refusal }))).toMatchObject({
    value: { refusal: { message: "x".repeat(256) } },
  });
});
