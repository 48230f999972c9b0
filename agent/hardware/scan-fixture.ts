import type { Scrubber } from "#proto/scrub/scrubber.ts";
import { ipv4Form, macForm, wordLengthMin } from "#proto/scrub/scrubber.ts";

/** A file of a fixture before it is written: its path below the fixture's folder, and its bytes. */
export interface FixtureFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Holds figures only: digits there are no serials. */
  readonly isCounter: boolean;
}

/**
 * Looks at what is about to be written for anything that should have been replaced. Each finding
 * names the file and why, never the value. An empty answer: clean, as far as a program can see; a
 * person still reads a part of it.
 */
export function scanFixture(files: readonly FixtureFile[], scrubber: Scrubber): readonly string[] {
  const replacements = new Set(
    scrubber.originals().map(({ replacement }) => replacement.toLowerCase()),
  );
  const forbidden = scrubber
    .originals()
    .filter(({ original }) => original.length >= wordLengthMin)
    .flatMap(({ kind, original }) =>
      formsOf(original).map((form) => ({ kind, form: form.toLowerCase() })),
    );
  const findings: string[] = [];
  for (const file of files) {
    const text = Buffer.from(file.bytes).toString("latin1");
    const plain = `${file.path}\n${text}`.toLowerCase();
    for (const { kind, form } of forbidden) {
      if (file.isCounter && /^\d+$/.test(form)) continue;
      if (standsIn(plain, form)) findings.push(`${file.path}: a ${kind} that was to be replaced`);
    }
    for (const [what, form] of suspicious)
      if (form.test(text)) findings.push(`${file.path}: ${what}`);
    for (const [mac] of text.matchAll(macForm))
      if (!replacements.has(mac.toLowerCase()) && !/^(?:(?:00|ff)[:-]?)+$/i.test(mac))
        findings.push(`${file.path}: a MAC address that was not replaced`);
    for (const [address] of text.matchAll(ipv4Form))
      if (privateAddress.test(address)) findings.push(`${file.path}: a private address`);
  }
  return [...new Set(findings)];
}

/** Not inside of a longer word: five digits of a serial are in many a longer number. */
function standsIn(text: string, form: string): boolean {
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + form.length] ?? " ";
    if (!/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after)) return true;
  }
  return false;
}

/** The text itself, backwards (FRU bytes), in hexadecimal and in base64. */
function formsOf(original: string): readonly string[] {
  const bytes = Buffer.from(original, "latin1");
  const backwards = [...original].reverse().join("");
  const forms = [original, bytes.toString("hex"), bytes.toString("base64").replace(/=+$/, "")];
  // A palindrome of digits would only repeat the first; short ones backwards are anything.
  return original.length >= 8 ? [...forms, backwards] : forms;
}

const suspicious: readonly (readonly [string, RegExp])[] = [
  ["a PEM block", /-----BEGIN /],
  ["the word password", /passw/i],
  ["a private key", /PRIVATE KEY/],
  ["a bearer token", /bearer [A-Za-z0-9._-]{16}/i],
];

const privateAddress = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;
