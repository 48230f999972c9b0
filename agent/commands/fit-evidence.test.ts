import { expect, test } from "vitest";
import type { Workload } from "#proto/messages/orders.ts";
import { fitWorkloads } from "./fit-evidence.ts";

const workload = (name: string, detail = "", state: Workload["state"] = "running"): Workload => ({
  name,
  state,
  detail,
});

test("two names that are cut to one stay two", () => {
  const names = fitWorkloads([
    workload(`${"a".repeat(300)}1`),
    workload(`${"a".repeat(300)}2`),
    workload(""),
    workload("bell\u0007"),
  ]).items.map(({ name }) => name);
  expect(new Set(names).size).toBe(4);
  expect(names[3]).toBe("bell\ufffd");
});

test("what is stopped stands last and is left out first", () => {
  const { items } = fitWorkloads([workload("a", "", "stopped"), workload("b")]);
  expect(items.map(({ name }) => name)).toEqual(["b", "a"]);
});
