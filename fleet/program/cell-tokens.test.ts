import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCellAccess } from "./cell-tokens.ts";

const secret = "abcdefghijklmnopqrstuvwxyz012345";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-tokens-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
const cell = (url: string, tokenFile: string | null = null, caFile: string | null = null) => ({
  url,
  name: null,
  tokenFile,
  caFile,
});
function problemOf(...asked: Parameters<typeof readCellAccess>): string {
  const read = readCellAccess(...asked);
  if (read.ok) throw new Error("it was accepted");
  const text = read.problem.map(({ where, detail, hint }) => `${where}: ${detail}: ${hint}`);
  expect(text.join()).not.toContain(secret);
  return text.join("\n");
}

test("a cell has the token of its own file, or its line in the file of all", () => {
  const tokensFile = write("tokens", `# all of them\n\nhttps://a.example:7600/ ${secret}a\n`);
  const own = write("b.token", `${secret}b\n`);
  const cells = [cell("https://a.example:7600"), cell("https://b.example", own)];
  const read = readCellAccess({ cells, tokensFile, caFile: null });
  expect(read.ok && read.value.map(({ token }) => token)).toEqual([`${secret}a`, `${secret}b`]);
});

test.each([0o644, 0o640, 0o604])("a file of mode %o is refused, with the command", (mode) => {
  const tokensFile = write("tokens", `https://a.example ${secret}\n`, mode);
  const said = problemOf({ cells: [cell("https://a.example")], tokensFile, caFile: null });
  expect(said).toContain(`chmod 600 ${tokensFile}`);
});

test("each cell without a token is told, with the line to add", () => {
  const tokensFile = write("tokens", "");
  const cells = [cell("https://a.example"), cell("https://b.example")];
  const said = problemOf({ cells, tokensFile, caFile: null });
  expect(said).toContain("add the line: https://a.example TOKEN");
  expect(said).toContain("add the line: https://b.example TOKEN");
});

test("a line that is none, a token that is none and a CA that is none are told with their place", () => {
  const bad = write("tokens", `https://a.example\nhttps://b.example ${secret}\n`);
  const cells = [cell("https://a.example")];
  expect(problemOf({ cells, tokensFile: bad, caFile: null })).toContain("line 1 is no address");
  const none = write("a.token", "short");
  expect(
    problemOf({ cells: [cell("https://a.example", none)], tokensFile: null, caFile: null }),
  ).toContain("it holds no token");
  const token = write("b.token", secret);
  const ca = write("ca.pem", "no certificate");
  expect(
    problemOf({ cells: [cell("https://a.example", token, ca)], tokensFile: null, caFile: null }),
  ).toContain("it must be PEM");
});
