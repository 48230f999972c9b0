import { expect, test } from "vitest";
import { readTables, toggleTable } from "./table-choice.ts";

test("a chart's table opens and closes in the address, and the rest of it stays", () => {
  const closed = new URLSearchParams("range=1h");
  const open = toggleTable(toggleTable(closed, "cpu"), "disk");
  expect([...readTables(open)]).toEqual(["cpu", "disk"]);
  expect(open.get("range")).toBe("1h");
  expect(toggleTable(toggleTable(open, "cpu"), "disk").toString()).toBe("range=1h");
});
