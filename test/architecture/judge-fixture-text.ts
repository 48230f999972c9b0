/** What a text of a fixture holds that should have been replaced, as far as its form tells. */
export interface JudgedText {
  readonly findings: readonly string[];
  /** MAC addresses, lower case: each must be one that was drawn. */
  readonly macs: readonly string[];
}

export function judgeFixtureText(text: string): JudgedText {
  const findings = suspicious.flatMap(([what, form]) => (form.test(text) ? [what] : []));
  for (const match of text.matchAll(ipv4Form)) {
    const before = text.slice(text.lastIndexOf("\n", match.index) + 1, match.index);
    if (
      privateAddress.test(match[0]) &&
      !/version|firmware|release|revision/i.test(before.slice(-40))
    )
      findings.push("a private address");
  }
  const macs = [...text.matchAll(macForm)]
    .map(([mac]) => mac.toLowerCase())
    .filter((mac) => !/^(?:00|ff)(?::(?:00|ff)){5}$/.test(mac));
  return { findings: [...new Set(findings)], macs: [...new Set(macs)] };
}

const suspicious: readonly (readonly [string, RegExp])[] = [
  ["a PEM block", /-----BEGIN /],
  ["the word password", /passw/i],
  ["a private key", /PRIVATE KEY/],
  ["a password's hash", /:\$(?:1|2[aby]|5|6|7|y)\$/],
  ["a bearer token", /bearer [A-Za-z0-9._-]{16}/i],
  ["a mail address", /[A-Za-z0-9._-]+@[a-z0-9-]+\.(?:com|net|org|io|de)\b/],
];

const ipv4Form = /(?<![0-9A-Za-z.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9A-Za-z]|\.\d)/g;
const privateAddress =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const macForm = /(?<![0-9a-f:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![0-9a-f:])/gi;
