import { expect, test } from "vitest";
import { evidenceOf } from "#agent/commands/fit-evidence.ts";
import { decodeAgentFrame, encodeAgentFrame } from "#proto/codec/agent-frames.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";

test("the most and the longest that a host may have goes over the wire, and what is left out is told", () => {
  const long = "ü".repeat(300);
  const workloads = Array.from({ length: 3_000 }, (_, index) => ({
    name: `${long}${index}`,
    state: "running" as const,
    detail: long,
  }));
  const mounts = Array.from({ length: 3_000 }, (_, index) => `/srv/${index}/${long}`);
  const unasked = Array.from({ length: 200 }, () => long);
  const { evidence } = evidenceOf(
    { workloads, tenantMounts: mounts, unasked, note: "" },
    { epoch: 1, fence: null },
    unixMs(1),
  );
  expect(evidence.unasked[0]).toMatch(/^agent: \d+ workloads and mounts more than are told$/);
  const outcome = { commandId: "c", result: "done", detail: "", evidence } as const;
  const bytes = encodeAgentFrame({ kind: "outcome", outcome });
  expect(bytes.length).toBeLessThan(wireLimits.messageBytesMax);
  expect(decodeAgentFrame(bytes)).toEqual({ ok: true, value: { kind: "outcome", outcome } });
});
