import type { AuditEntry } from "./audit-entry.ts";

/** Longest texts of a record, in UTF-16 units; the rest is cut and the cut is marked. */
export const auditTextMax = { name: 200, reason: 2_000, fact: 500 } as const;
export const auditFactsMax = 32;

/** An entry that would carry a secret: a defect of whoever wrote it, never written down. */
export class SecretInAudit extends Error {
  override readonly name = "SecretInAudit";
}

/**
 * The entry as it may be kept: texts that every engine can store, none too long, facts small. Names
 * come from outside (a sign-in that was denied names whatever was typed), so nothing of them is
 * trusted: what reads like a secret is withheld. Throws SecretInAudit where a fact is named like one.
 */
export function cleanEntry(entry: AuditEntry): AuditEntry {
  const { subject } = entry;
  return {
    ...entry,
    actor: cleanText(entry.actor, auditTextMax.name),
    action: cleanText(entry.action, auditTextMax.name),
    subject: {
      kind: subject.kind,
      id: cleanText(subject.id, auditTextMax.name),
      name: cleanText(subject.name, auditTextMax.name),
      serial: subject.serial === null ? null : cleanText(subject.serial, auditTextMax.name),
      rack: subject.rack === null ? null : cleanText(subject.rack, auditTextMax.name),
    },
    reason: entry.reason === null ? null : cleanText(entry.reason, auditTextMax.reason),
    planHash: entry.planHash === null ? null : cleanText(entry.planHash, auditTextMax.name),
    facts: cleanFacts(entry.facts),
  };
}

function cleanFacts(facts: AuditEntry["facts"]): AuditEntry["facts"] {
  const kept: Record<string, string | number | boolean | null> = {};
  const names = Object.keys(facts);
  for (const name of names.slice(0, auditFactsMax)) {
    if (isNamedLikeSecret(name))
      throw new SecretInAudit(`the fact "${name}" is named like a secret`);
    kept[cleanText(name, auditTextMax.name)] = cleanFact(facts[name]);
  }
  if (names.length > auditFactsMax) kept["factsLeftOut"] = names.length - auditFactsMax;
  return kept;
}

/** What is none of its types at run time, or no finite number, is told as the word that it is. */
function cleanFact(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string") return cleanText(value, auditTextMax.fact);
  return `(${typeof value})`;
}

/** No secret, no NUL (PostgreSQL stores none), no half of a surrogate pair, not too long. */
function cleanText(text: string, longest: number): string {
  const whole = withhold(text.slice(0, longest + longestSecret))
    .replaceAll("\u0000", "\ufffd")
    .toWellFormed();
  return whole.length <= longest ? whole : `${whole.slice(0, longest - 1).toWellFormed()}…`;
}

const secretName =
  /passw|passphrase|secret|token|credential|private|bearer|cookie|authorization|apikey|api_key|^key$|^pin$|^otp$|hmac/i;
/** What is told about a secret, never the secret: `tokenId`, `keyFingerprint`. */
const aboutSecret = /(id|name|names|kind|count|uses|usesLeft|expiresMs|fingerprint)$/i;

function isNamedLikeSecret(name: string): boolean {
  return secretName.test(name) && !aboutSecret.test(name);
}

/** Private keys in PEM, join tokens and 256-bit secrets of ours, tokens of the web, passwords in addresses. */
const secretForms = [
  /-----BEGIN [A-Z ]*(?:PRIVATE|SECRET) KEY[\s\S]*/g,
  /wws1\.[A-Za-z0-9_-]{43}/g,
  /(?<![A-Za-z0-9_-])(?=[a-z0-9_-]*[A-Z])(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g,
  /\bey[JK][A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]{8,}/g,
  /\b(?:Bearer|Basic) [A-Za-z0-9+/_=.-]{16,}/gi,
  /\/\/[^/\s:@]*:[^/\s@]+@/g,
] as const;
/** So much is read beyond the longest text, so that none is cut in its middle and not known again. */
const longestSecret = 500;

function withhold(text: string): string {
  return secretForms.reduce((left, form) => left.replace(form, "(withheld)"), text);
}
