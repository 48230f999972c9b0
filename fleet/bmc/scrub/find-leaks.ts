import { type Scrubber, wordLengthMin } from "#proto/scrub/scrubber.ts";

/**
 * Looks for what must not be in the finished texts of a recording: everything that was replaced, the
 * password, and private addresses. Also in hexadecimal, over all answers of IPMI joined: a FRU is
 * read in parts. Says what kind and where, never the text itself.
 */
export function findLeaks(
  files: ReadonlyMap<string, string>,
  scrubber: Scrubber,
  { password, user }: { readonly password: string; readonly user: string },
): readonly string[] {
  const leaks: string[] = [];
  const originals = scrubber
    .originals()
    .filter(({ original, replacement }) => isTelling(original) && original !== replacement);
  const replacements = originals.map(({ replacement }) => replacement.toLowerCase());
  for (const [name, text] of files) {
    const plain = text.toLowerCase();
    const hex = name === "ipmi.json" ? joinedAnswers(text) : null;
    for (const { kind, original } of originals) {
      const wanted = original.toLowerCase();
      // A draw may make one name of another: that is a replacement, not the original.
      if (replacements.includes(wanted)) continue;
      if (hasWord(plain, wanted)) leaks.push(`${name} still holds a ${kind}`);
      else if (hex?.includes(Buffer.from(original, "latin1").toString("hex")) === true)
        leaks.push(`${name} still holds a ${kind} in hexadecimal`);
    }
    if (password.length >= 4 && text.includes(password)) leaks.push(`${name} holds the password`);
    if (/authorization|x-auth-token|set-cookie/i.test(text))
      leaks.push(`${name} holds a header of a login`);
    if (user.length >= wordLengthMin && !commonUsers.has(user.toLowerCase()))
      if (hasWord(plain, user.toLowerCase())) leaks.push(`${name} holds the user's name`);
    if (hasPrivateAddress(text)) leaks.push(`${name} holds a private address`);
  }
  return [...new Set(leaks)];
}

function joinedAnswers(text: string): string {
  return [...text.matchAll(/"netFn":10,[^}]*?"command":17,[^}]*?"answer":"([0-9a-f]*)"/g)]
    .map((match) => (match[1] ?? "").slice(2))
    .join("");
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1] ?? " ", text[at + word.length] ?? " "];
    if (!/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after)) return true;
  }
  return false;
}

/** Four numbers behind the word version or firmware are none. */
function hasPrivateAddress(text: string): boolean {
  return [...text.matchAll(privateAddress)].some(
    ({ index }) =>
      !/version|firmware|revision|release/i.test(text.slice(Math.max(0, index - 40), index)),
  );
}

/** Shorter ones stand in other words too. */
function isTelling(original: string): boolean {
  return original.length >= wordLengthMin;
}

const commonUsers: ReadonlySet<string> = new Set(["admin", "administrator", "operator", "fleet"]);
const privateAddress =
  /(?<![0-9A-Za-z.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?![0-9A-Za-z]|\.\d)/g;
