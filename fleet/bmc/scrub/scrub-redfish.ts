import { kindOfField, type PrivateKind } from "#proto/scrub/scrub-words.ts";
import type { Scrubber } from "#proto/scrub/scrubber.ts";
import type { RedfishAnswer } from "../redfish/redfish-facts.ts";
import { isObject } from "../redfish/resource.ts";

const nestingMax = 24;
const versionWord = "version ";

/** Beyond the fields that every tool has: Dell's SKU is its service tag. */
const redfishFields: Readonly<Record<string, PrivateKind>> = {
  sku: "serial",
  serviceidentification: "serial",
  nodename: "hostname",
  dnsname: "hostname",
  domainname: "hostname",
  physicalcontainerid: "serial",
  durablename: "wwn",
  permanentmacaddress: "mac",
  managermacaddress: "mac",
  address: "ipv4",
  chassisservicetag: "serial",
  expressservicecode: "serial",
  nodeid: "serial",
  deviceserialnumber: "serial",
  pcaserialnumber: "serial",
};

/** Notes every serial, tag, address and name before anything is replaced. */
export function learnRedfish(answers: readonly RedfishAnswer[], scrubber: Scrubber): void {
  for (const { body } of answers) learn(body, scrubber, 0);
}

export function scrubRedfish(
  answers: readonly RedfishAnswer[],
  scrubber: Scrubber,
): readonly RedfishAnswer[] {
  return answers.map(({ path, status, body }) => ({
    path: scrubber.scrub(path),
    status,
    body: scrub(body, null, scrubber, 0),
  }));
}

function learn(value: unknown, scrubber: Scrubber, nesting: number): void {
  if (nesting > nestingMax) return;
  if (Array.isArray(value)) for (const entry of value) learn(entry, scrubber, nesting + 1);
  if (!isObject(value)) return;
  for (const [key, below] of Object.entries(value)) {
    const kind = kindOf(key);
    if (typeof below === "string" && kind !== null && isOfKind(kind, below))
      scrubber.learn(kind, below);
    else learn(below, scrubber, nesting + 1);
  }
}

function scrub(value: unknown, key: string | null, scrubber: Scrubber, nesting: number): unknown {
  // What is nested deeper than anything real is left out, not passed on unread.
  if (nesting > nestingMax) return null;
  if (typeof value === "string") {
    const kind = key === null ? null : kindOf(key);
    if (kind !== null) return scrubber.scrubWhole(value);
    // Four numbers are a version here, not an address: said to the scrubber in its own words.
    return key !== null && /version|firmware|revision|release/i.test(key)
      ? scrubber.scrub(`${versionWord}${value}`).slice(versionWord.length)
      : scrubber.scrub(value);
  }
  if (Array.isArray(value)) return value.map((entry) => scrub(entry, key, scrubber, nesting + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, below]) => [
      scrubber.scrub(name),
      scrub(below, name, scrubber, nesting + 1),
    ]),
  );
}

function kindOf(key: string): PrivateKind | null {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, "");
  return redfishFields[plain] ?? kindOfField(key);
}

/** An address in a field that may hold other words too. */
function isOfKind(kind: PrivateKind, text: string): boolean {
  if (kind === "ipv4") return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text);
  if (kind === "mac") return /^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text);
  return true;
}
