import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

const nameForm = /^[a-z][a-z0-9._-]{0,62}$/;

/**
 * Plain lower-case letters only: `аda` with a Cyrillic `а` is no name, and `Ada` is not another than
 * `ada`. How somebody writes themselves is their display name. The problem is a sentence.
 */
export function readUserName(text: string): Result<string, string> {
  if (nameForm.test(text)) return ok(text);
  return fail(
    `"${text.slice(0, 63)}" is no user name: it begins with a letter from a to z and goes on with a to z, 0 to 9, ".", "_" and "-", 63 in all`,
  );
}

/** Bytes: what is longer is no password but an attack on whoever hashes it. */
const passwordBytesMax = 512;
const passwordLengthMin = 12;

/** What a password is compared as: the same letters typed on two keyboards are the same. */
export function plainPassword(text: string): string {
  return text.normalize("NFKC");
}

/** The problem is a sentence. */
export function checkPassword(text: string, name: string): Result<string, string> {
  const plain = plainPassword(text);
  if ([...plain].length < passwordLengthMin)
    return fail(`a password has ${passwordLengthMin} characters or more`);
  if (Buffer.byteLength(plain) > passwordBytesMax)
    return fail(`a password has at most ${passwordBytesMax} bytes`);
  if (plain.toLowerCase().includes(name) && plain.length < name.length + passwordLengthMin)
    return fail("a password is more than the user's name");
  if (new Set(plain).size < 5) return fail("a password has at least five different characters");
  return ok(plain);
}
