import { expect, test } from "vitest";
import { createArgon2Passwords } from "./argon2-passwords.ts";

test("a password opens what was made of it and nothing else does, whatever is kept", async () => {
  const passwords = createArgon2Passwords();
  const kept = await passwords.hash("correct horse battery");
  expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]+\$[^$]+$/);
  expect(await passwords.verify("correct horse battery", kept)).toBe(true);
  expect(await passwords.verify("correct horse batterx", kept)).toBe(false);
  expect(await passwords.hash("correct horse battery")).not.toBe(kept);
  for (const odd of ["", "plain", kept.slice(0, -40), kept.replace("argon2id", "argon2d")])
    expect(await passwords.verify("correct horse battery", odd)).toBe(false);
});
