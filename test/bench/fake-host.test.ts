import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fakeHostFiles, writeFakeHost } from "./fake-host.ts";

/** SHA-256 over path and text of each file in order, from the script that the peers were measured with. */
const original = "69d117f01fd5258366dd7480d91cd7a09dd3409eefac076e6b1fa5a6531a003b";

test("the fake host is the one that the peers were measured with, byte for byte", () => {
  const hash = createHash("sha256");
  for (const entry of [...fakeHostFiles()].sort(([left], [right]) => (left < right ? -1 : 1))) {
    hash.update(JSON.stringify(entry));
  }
  expect(hash.digest("hex")).toBe(original);
});

test("it is written as files, with this machine's memory", () => {
  const directory = mkdtempSync(join(tmpdir(), "wws-fake-"));
  try {
    writeFakeHost(directory);
    for (const [path, text] of fakeHostFiles()) {
      expect(readFileSync(join(directory, path), "utf8")).toBe(text);
    }
    expect(existsSync(join(directory, "proc/meminfo"))).toBe(true);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
