import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createReportFolder } from "./report-folder-files.ts";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "wws-reports-"));
});
afterEach(() => rmSync(place, { recursive: true }));

test("a report is one whole file in its folder, and nothing beside it", () => {
  const folder = createReportFolder(place);
  expect(folder.write(null, "a.csv", ["x\r\n", new Uint8Array([121])])).toBe(join(place, "a.csv"));
  expect(readFileSync(join(place, "a.csv"), "utf8")).toBe("x\r\ny");
  folder.write(null, "a.csv", ["z"]);
  expect(folder.list(null)).toEqual(["a.csv"]);
  folder.remove(null, "a.csv");
  expect(folder.list(null)).toEqual([]);
});

test("what cannot be written leaves no half of it behind", () => {
  const folder = createReportFolder(place);
  // A folder of that name: the last step fails, as it does on a full disk.
  mkdirSync(join(place, "a.csv"));
  expect(() => folder.write(null, "a.csv", ["x"])).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(place)).toEqual(["a.csv"]);
});
