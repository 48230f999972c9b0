import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeStubTools } from "./stub-tools.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "wws-stubs-"));
  writeStubTools(root);
});
afterAll(() => rmSync(root, { recursive: true }));

const ask = (tool: string, ...args: readonly string[]) =>
  spawnSync(join(root, "usr/sbin", tool), args, { encoding: "utf8" });

test("ipmitool gives sensors in the layout that the agent reads", () => {
  const { stdout, status } = ask("ipmitool", "sdr", "elist", "full");
  expect(status).toBe(0);
  expect(stdout.split("\n").length).toBeGreaterThan(30);
  expect(stdout).toContain("degrees C");
  expect(ask("ipmitool", "dcmi", "power", "reading").stdout).toContain("348 Watts");
});

test("smartctl knows each drive by its own serial", () => {
  const serials = [1, 11].map((disk) => {
    const { stdout } = ask("smartctl", "--json=c", "-x", "-n", "standby", `/dev/nvme${disk}`);
    return (JSON.parse(stdout) as { readonly serial_number: string }).serial_number;
  });
  expect(serials).toEqual(["EXAMPLE0001", "EXAMPLE0011"]);
  const scan = JSON.parse(ask("smartctl", "--scan-open", "--json").stdout) as object;
  expect(scan).toMatchObject({ devices: { length: 12 } });
});

test("what no real host was asked is refused", () => {
  expect(ask("ipmitool", "chassis", "power", "off")).toMatchObject({ status: 1, stdout: "" });
});
