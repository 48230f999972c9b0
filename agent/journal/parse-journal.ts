import { type HostId, parseCellId, parseUuid } from "#proto/vocabulary/ids.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { JournalError } from "./journal-error.ts";
import type { AgentIdentity, JournalFacts } from "./journal.ts";

/**
 * The text of a journal → its facts. Throws JournalError; the message names the file and what to do,
 * and never quotes from it, for it holds the private key.
 */
export function parseJournal(text: string, path: string): JournalFacts {
  const malformed = (what: string): never => {
    const message = `${path} is damaged (${what}): restore it, or move it away and enrol the host again`;
    throw new JournalError("JOURNAL_MALFORMED", message);
  };
  const value = parseJson(text);
  if (!isRecord(value)) return malformed("it is not a JSON object");
  const { format, privateKeyPem, identity, manager, caKeySha256, term } = value;
  if (typeof format === "number" && format > 1) {
    const message = `${path} has format ${format}, this agent knows format 1: install the newer agent again`;
    throw new JournalError("JOURNAL_NEWER", message);
  }
  if (format !== 1) return malformed("it names no format");
  if (!isText(privateKeyPem) || !privateKeyPem.includes("PRIVATE KEY")) {
    return malformed("it holds no private key");
  }
  if (!isNullOr(manager, isText)) return malformed("the manager is not a text");
  if (!isNullOr(caKeySha256 ?? null, isText))
    return malformed("the authority's hash is not a text");
  if (!isCount(term)) return malformed("the term is not a number");
  const parsed = identity === null ? null : parseIdentity(identity);
  if (parsed === undefined) return malformed("the identity is not whole");
  return {
    format: 1,
    privateKeyPem,
    identity: parsed,
    manager,
    caKeySha256: isText(caKeySha256) ? caKeySha256 : null,
    term,
  };
}

/** undefined: it is not one. */
function parseIdentity(value: unknown): AgentIdentity | undefined {
  if (!isRecord(value)) return undefined;
  const { hostId, hostName, cell, generation, certificateChainPem, caPem } = value;
  if (!isText(hostId) || !isText(hostName) || !isText(cell) || !isCount(generation)) {
    return undefined;
  }
  if (!isText(certificateChainPem) || !isText(caPem)) return undefined;
  const id = parseUuid<HostId>(hostId);
  const cellId = parseCellId(cell);
  if (!id.ok || !cellId.ok) return undefined;
  return { hostId: id.value, hostName, cell: cellId.value, generation, certificateChainPem, caPem };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isNullOr<Value>(
  value: unknown,
  isIt: (value: unknown) => value is Value,
): value is Value | null {
  return value === null || isIt(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
