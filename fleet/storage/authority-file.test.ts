import { createPrivateKey } from "node:crypto";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestAuthority } from "#test/support/test-peers.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { authorityFileName, createAuthorityFile, newPrivateKeyPem } from "./authority-file.ts";

const clock = createVirtualClock();
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-authority-"));
  path = join(folder, authorityFileName);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the authority's file is its owner's only, and nothing lies beside it", () => {
  const before = process.umask(0);
  try {
    createTestAuthority(clock, { file: createAuthorityFile(folder) });
  } finally {
    process.umask(before);
  }
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual([authorityFileName]);
});

test("the authority is the same after a restart", () => {
  const first = createTestAuthority(clock, { file: createAuthorityFile(folder) });
  const again = createTestAuthority(clock, { file: createAuthorityFile(folder) });
  expect(again.certificatePem).toBe(first.certificatePem);
  expect(again.keySha256).toBe(first.keySha256);
});

test.each([0o640, 0o604, 0o660])(
  "a file of mode %o is refused, with the command that mends it",
  (mode) => {
    createTestAuthority(clock, { file: createAuthorityFile(folder) });
    chmodSync(path, mode);
    const open = () => createTestAuthority(clock, { file: createAuthorityFile(folder) });
    expect(open).toThrow(new RegExp(`chmod 600 ${path}`));
  },
);

test.each([
  ["empty", ""],
  ["without its certificate", "key"],
  ["something else", "hello"],
])("a file that is %s is refused and kept", (_, content) => {
  createTestAuthority(clock, { file: createAuthorityFile(folder) });
  const text = readFileSync(path, "utf8");
  writeFileSync(path, content === "key" ? text.slice(0, text.indexOf("-----BEGIN CERT")) : content);
  const kept = readFileSync(path, "utf8");
  const open = () => createTestAuthority(clock, { file: createAuthorityFile(folder) });
  expect(open).toThrow(/cannot be understood; restore it from a backup/);
  expect(readFileSync(path, "utf8")).toBe(kept);
});

test("what a crash left of an unfinished file is written over", () => {
  writeFileSync(`${path}.new`, "half");
  createTestAuthority(clock, { file: createAuthorityFile(folder) });
  expect(readdirSync(folder)).toEqual([authorityFileName]);
});

test("keys are on P-256, and no two are alike", () => {
  const keys = [newPrivateKeyPem(), newPrivateKeyPem()];
  expect(keys[0]).not.toBe(keys[1]);
  for (const key of keys)
    expect(createPrivateKey(key).asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
});
