import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFakeHost } from "./fake-host.ts";
import { openMovingHost } from "./moving-host.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wws-moving-"));
  writeFakeHost(root);
});
afterEach(() => rmSync(root, { recursive: true }));

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const numbers = (path: string, line: number): readonly number[] =>
  (read(path).split("\n")[line] ?? "")
    .split(/[\s:]+/)
    .flatMap((word) => (/^\d+$/.test(word) ? [Number(word)] : []));

test("a second adds a second's ticks to each CPU, and their sum to the whole", () => {
  const before = Array.from({ length: 65 }, (_, line) => numbers("proc/stat", line));
  const host = openMovingHost(root);
  host.advance(1);
  host.close();
  const added = before.map((row, line) => {
    const now = numbers("proc/stat", line);
    return now.map((ticks, mode) => ticks - (row[mode] ?? 0));
  });
  const totals = added.map((row) => row.reduce((sum, ticks) => sum + ticks, 0));
  for (const total of totals.slice(1)) expect(Math.abs(total - 100)).toBeLessThanOrEqual(1);
  expect(totals[0]).toBe(totals.slice(1).reduce((sum, total) => sum + total, 0));
});

test("counters of disks, ports and packages grow, and nothing else of a line changes", () => {
  const paths = ["proc/diskstats", "proc/net/dev", "sys/class/powercap/intel-rapl:0/energy_uj"];
  const before = paths.map(read);
  const host = openMovingHost(root);
  host.advance(1);
  host.advance(1);
  host.close();
  for (const [index, path] of paths.entries()) {
    const now = read(path);
    expect(now).not.toBe(before[index]);
    expect(now.replaceAll(/\d+/g, "#")).toBe(before[index]?.replaceAll(/\d+/g, "#"));
  }
});

test("the same seed moves in the same way", () => {
  const first = openMovingHost(root, 7);
  first.advance(1);
  first.close();
  const moved = read("proc/diskstats");
  writeFakeHost(root);
  const second = openMovingHost(root, 7);
  second.advance(1);
  second.close();
  expect(read("proc/diskstats")).toBe(moved);
});
