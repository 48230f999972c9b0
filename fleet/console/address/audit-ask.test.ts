import { expect, test } from "vitest";
import { auditQuery, nextAuditRows, readAuditAsk } from "./audit-ask.ts";

const ask = (text: string) => readAuditAsk(new URLSearchParams(text));

test("what the address says is what the manager is asked", () => {
  expect(auditQuery(ask("actor=ada&outcome=denied&from=2026-11-23T08:00&rows=100"))).toBe(
    "limit=100&actor=ada&outcome=denied&from=1795420800000",
  );
});

test("what makes no sense is not asked for", () => {
  expect(auditQuery(ask("outcome=maybe&from=yesterday&to=2026-99-99T08:00&rows=x"))).toBe(
    "limit=50",
  );
  expect(auditQuery(ask("rows=100000"))).toBe("limit=500");
});

test("more is shown step by step, and then no more", () => {
  expect([nextAuditRows(50), nextAuditRows(480), nextAuditRows(500)]).toEqual([100, 500, null]);
});
