import { expect, test } from "vitest";
import { joinRaw, rawBytes, rawNumber, repeatRaw } from "#test/support/raw-protobuf.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { decodeAgentFrame } from "./agent-frames.ts";
import { decodeManagerFrame } from "./manager-frames.ts";

// Numbers as in proto/schema/agent.proto.
const operation = rawBytes(1, "019b2c6e-c000-7aaa-8bbb-0123456789ab");
const command = (action: Uint8Array): Uint8Array =>
  rawBytes(4, joinRaw(rawBytes(1, "c-1"), rawNumber(2, 7), rawNumber(3, 1_000), action));
const order = (...fields: Uint8Array[]): Uint8Array =>
  command(rawBytes(12, joinRaw(operation, rawNumber(2, 12), rawNumber(3, 1), ...fields)));
const workload = (name: string, state: number): Uint8Array =>
  joinRaw(rawBytes(1, name), rawNumber(2, state));
const progress = (state: number, workloads: Uint8Array): Uint8Array =>
  rawBytes(8, joinRaw(operation, rawNumber(2, 12), rawNumber(3, state), workloads));

test("an order whose action this release does not know is kept as unknown, not as nothing", () => {
  for (const newer of [joinRaw(), rawBytes(99, rawNumber(1, 5))]) {
    expect(decodeManagerFrame(order(newer))).toMatchObject({
      ok: true,
      value: { command: { action: { kind: "order", order: { action: { kind: "unknown" } } } } },
    });
  }
});

test("a command of a release after this one is unknown as a whole", () => {
  expect(decodeManagerFrame(command(rawBytes(13, rawBytes(1, "later"))))).toMatchObject({
    ok: true,
    value: { command: { action: { kind: "unknown" } } },
  });
});

test("an order without its operation, or with a hostile number, is refused with the field", () => {
  const nameless = command(rawBytes(12, joinRaw(rawNumber(2, 12), rawBytes(10, ""))));
  expect(decodeManagerFrame(nameless)).toMatchObject({
    ok: false,
    problem: { kind: "field-missing", where: "command.order.operation_id" },
  });
  const never = joinRaw(rawNumber(1, 2 ** 60), rawNumber(2, 1));
  expect(decodeManagerFrame(order(rawBytes(11, never)))).toMatchObject({
    ok: false,
    problem: { kind: "field-invalid", where: "command.order.evacuate.deadline_unix_ms" },
  });
});

test("states of a newer agent never read as over", () => {
  expect(decodeAgentFrame(progress(9, rawBytes(4, workload("a", 9))))).toMatchObject({
    ok: true,
    value: { progress: { state: "running", workloads: [{ name: "a", state: "stuck" }] } },
  });
});

test("two workloads of one name, one without, and more than the limit are refused", () => {
  const twice = joinRaw(rawBytes(4, workload("a", 4)), rawBytes(4, workload("a", 1)));
  expect(decodeAgentFrame(progress(1, twice))).toMatchObject({
    ok: false,
    problem: { kind: "field-invalid", where: "order_progress.workloads.name" },
  });
  expect(decodeAgentFrame(progress(1, rawBytes(4, rawNumber(2, 1))))).toMatchObject({
    ok: false,
    problem: { kind: "field-missing" },
  });
  const many = repeatRaw(rawBytes(4, ""), wireLimits.workloadsPerHostMax + 1);
  expect(decodeAgentFrame(progress(1, many))).toMatchObject({
    ok: false,
    problem: { kind: "limit-exceeded", where: "order_progress.workloads" },
  });
});
