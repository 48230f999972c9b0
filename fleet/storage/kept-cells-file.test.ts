import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeptCell } from "#fleet/federation/kept-cell.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { createKeptCellsFile } from "./kept-cells-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-kept-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nobody = {
  hosts: 0,
  simulated: 0,
  byLink: {},
  byLifecycle: {},
  byHealth: {},
  watts: null,
  wattsCoverage: 0,
  cpuUtilization: null,
};
const cell: KeptCell = {
  url: "https://eu.example.net:7600",
  name: "eu",
  release: "0.1.0",
  lastHeardMs: 1_795_000_000_000,
  readMs: 1_794_999_990_000,
  regions: { items: [], unplaced: nobody, nextCursor: null },
  sites: [],
  racks: [],
  hosts: [],
  heights: { "h-1": 2 },
  isWhole: true,
};
const open = () => createKeptCellsFile(folder, silentLog);
const files = () => readdirSync(join(folder, "cells")).map((name) => join(folder, "cells", name));

test("what was kept is there again after a restart, each address its own, and nobody else may read it", () => {
  open().save(cell);
  open().save({ ...cell, url: "https://na.example.net", name: "na" });
  expect(open().load(cell.url)).toEqual(cell);
  expect(open().load("https://na.example.net")?.name).toBe("na");
  expect(open().load("https://ea.example.net")).toBeNull();
  for (const path of files()) expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each([
  ["torn", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2])],
  ["of another kind", Buffer.from("{}")],
])("a file that is %s is thrown away: the cell has the truth", (_, bytes) => {
  open().save(cell);
  const [path = ""] = files();
  writeFileSync(path, bytes);
  expect(open().load(cell.url)).toBeNull();
  expect(files()).toEqual([]);
});

test("a file of another form is not believed", () => {
  open().save({ ...cell, hosts: [{ id: 7 }] } as unknown as KeptCell);
  expect(open().load(cell.url)).toBeNull();
});
