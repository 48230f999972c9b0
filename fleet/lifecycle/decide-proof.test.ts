import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { drainOperation } from "#test/support/drain-builders.ts";
import { someHost } from "#test/support/life-world.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { type AgentWitness, decideProof, type TenancyWitness } from "./decide-proof.ts";

const nowMs = unixMs(virtualStartMs + 60_000);
const operation = drainOperation(
  { epoch: 4 },
  { fence: { agentAckMs: nowMs, tenancyAckMs: nowMs, tenancyRevision: 9 } },
);
const agent: AgentWitness = {
  askedMs: nowMs,
  epoch: 4,
  isFenced: true,
  running: [],
  tenantMounts: [],
  unasked: [],
  observedMs: nowMs,
};
const tenancy: TenancyWitness = { readMs: nowMs, leases: 0, revision: 9 };

function judge(
  witness: Partial<AgentWitness> | null,
  books: Partial<TenancyWitness> = {},
  trust: "operated" | "rented" = "operated",
) {
  const host = someHost({ trust });
  return decideProof(
    { host, holds: [], leases: [], operation },
    operation,
    witness === null ? null : { ...agent, ...witness },
    { ...tenancy, ...books },
    nowMs,
  );
}

test("two sources at one epoch, both fresh, prove that a host is empty", () => {
  expect(judge({})).toEqual({
    isProven: true,
    proof: { epoch: 4, agentMs: nowMs, tenancyMs: nowMs, tenancyRevision: 9, by: "agent" },
  });
});

test.each([
  ["no answer at all", null, {}],
  ["an older epoch", { epoch: 3 }, {}],
  ["a later epoch", { epoch: 5 }, {}],
  ["an agent that takes new work", { isFenced: false }, {}],
  ["a workload that runs", { running: ["systemd:photo.service"] }, {}],
  ["a tenant's disk that is mounted", { tenantMounts: ["/srv/photo"] }, {}],
  ["an adapter that could not be asked", { unasked: ["hook/libvirt: timed out"] }, {}],
  ["an answer of 31 s ago", { askedMs: unixMs(nowMs - 31_000) }, {}],
  ["an answer of the future", { askedMs: unixMs(nowMs + 1) }, {}],
  ["an answer that was seen an hour ago", { observedMs: nowMs - 3_600_000 }, {}],
  ["a lease", {}, { leases: 1 }],
  ["books older than the cordon", {}, { revision: 8 }],
  ["books of 31 s ago", {}, { readMs: unixMs(nowMs - 31_000) }],
] as const)("%s proves nothing, and says so", (_, witness, books) => {
  const judged = judge(witness, books);
  expect(judged.isProven).toBe(false);
  if (!judged.isProven) for (const why of judged.why) expect(why.words.length).toBeGreaterThan(8);
});

test("the agent of a rented host proves nothing; who has seen it off can say so", () => {
  expect(judge({}, {}, "rented")).toMatchObject({
    isProven: false,
    why: [{ command: expect.stringContaining("confirm-off") }],
  });
});
