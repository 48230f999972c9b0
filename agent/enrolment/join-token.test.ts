import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { parseJoinToken } from "./join-token.ts";

const secret = randomBytes(32).toString("base64url");
const hash = randomBytes(32);
const token = `wws1.${secret}.${hash.toString("base64url")}`;

test("a token gives the hash of the authority's key, and is kept as it was given", () => {
  expect(parseJoinToken(` ${token}\n`)).toEqual({
    ok: true,
    value: { text: token, caKeySha256: hash.toString("hex") },
  });
});

test.each([
  ["", "does not begin with wws1"],
  ["hello", "does not begin with wws1"],
  [`wws2.${secret}.${secret}`, "does not begin with wws1"],
  [`wws1.${secret}`, "does not have three parts"],
  [`${token}.more`, "does not have three parts"],
  [token.slice(0, -1), "is cut or damaged"],
  [`wws1.${secret}.${"!".repeat(43)}`, "is cut or damaged"],
  [`wws1..${secret}`, "is cut or damaged"],
])("%j is refused: it %s", (text, reason) => {
  const parsed = parseJoinToken(text);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  expect(parsed.problem).toContain(reason);
  expect(parsed.problem).toMatch(/copy the whole line that `wws-fleet enroll token` printed/);
  expect(parsed.problem).not.toContain(secret);
});
