import { expect, test } from "vitest";
import { parseSecrets } from "./sign-webhook.ts";

const key = Buffer.alloc(32, 7);

test("a secret is base64 behind whsec_, or itself", () => {
  expect(parseSecrets(`whsec_${key.toString("base64")}\n`)).toEqual({ ok: true, value: [key] });
  expect(parseSecrets("four words make a secret\n")).toEqual({
    ok: true,
    value: [Buffer.from("four words make a secret")],
  });
});

test.each([
  ["nothing of it is base64", `whsec_${"!".repeat(40)}`],
  ["only its beginning is", `whsec_AAAA${"*".repeat(40)}`],
  ["its key is short", `whsec_${Buffer.alloc(14).toString("base64")}`],
])("behind whsec_ %s: no key, and the problem does not show it", (_what, line) => {
  const parsed = parseSecrets(line);
  expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining("line 1") });
  expect(JSON.stringify(parsed)).not.toContain(line.slice(6));
});
