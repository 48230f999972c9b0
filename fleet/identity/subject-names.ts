import type { SubjectName } from "#proto/certificate/write-certificate.ts";

/** Names that every manager answers to. */
const ownNames = ["wws-fleet-gateway", "localhost", "127.0.0.1", "::1"];

/** What a listener's certificate says it is: our own names, and those it is reached by. */
export function subjectNamesOf(namesAndAddresses: readonly string[]): readonly SubjectName[] {
  return [...new Set([...ownNames, ...namesAndAddresses])].map((text) => {
    const bytes = parseAddress(text);
    return bytes === undefined ? { kind: "dns", name: text } : { kind: "address", bytes };
  });
}

/** Bytes of an IPv4 or IPv6 address; undefined: it is a name. */
function parseAddress(text: string): Uint8Array | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined || !text.includes(":")) return v4;
  const halves = text.split("::");
  const [head = "", tail] = halves;
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  if (halves.length > 2 || left === undefined || right === undefined) return undefined;
  const missing = 16 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...left, ...Array<number>(missing).fill(0), ...right]);
}

function parseV4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return Uint8Array.from(parts.map(Number));
}

function groups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const v4 = parseV4(parts.at(-1) ?? "");
  const hex = v4 === undefined ? parts : parts.slice(0, -1);
  if (!hex.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  const bytes = hex.flatMap((part) => {
    const value = Number.parseInt(part, 16);
    return [value >> 8, value & 0xff];
  });
  return [...bytes, ...(v4 ?? [])];
}
