import { FixtureError } from "./fixture-format.ts";
import { decodeText } from "./live-files.ts";
import type { Answer, RecordedFrame } from "./recording.ts";
import { learnFromNeighbours, learnFromToolForms, scrubToolForms } from "./scrub-tool-forms.ts";
import type { Scrubber } from "#proto/scrub/scrubber.ts";
import { fieldLine, kindOfField, kindOfFile } from "#proto/scrub/scrub-words.ts";

/** First pass over a recording: notes every private fact from the places that are known to hold one. */
export function learnFromFrames(frames: readonly RecordedFrame[], scrubber: Scrubber): void {
  for (const { answers } of frames)
    for (const answer of answers.values()) learnFrom(answer, scrubber);
}

/** Second pass: the answer as it may reach a disk. Throws where a path must never be recorded. */
export function scrubAnswer(answer: Answer, scrubber: Scrubber): Answer {
  switch (answer.kind) {
    case "file": {
      if (neverRecorded.test(answer.path))
        throw new FixtureError("NOT_CLEAN", `${answer.path} must never be recorded`);
      const path = scrubber.scrub(answer.path);
      return answer.answer.ok
        ? {
            ...answer,
            path,
            answer: { ok: true, value: scrubFile(answer, answer.answer.value, scrubber) },
          }
        : { ...answer, path };
    }
    case "directory":
      return {
        ...answer,
        path: scrubber.scrub(answer.path),
        answer: answer.answer.ok
          ? { ok: true, value: answer.answer.value.map((name) => scrubber.scrub(name)) }
          : answer.answer,
      };
    case "link":
      return {
        ...answer,
        path: scrubber.scrub(answer.path),
        answer: answer.answer.ok
          ? { ok: true, value: scrubber.scrub(answer.answer.value) }
          : answer.answer,
      };
    case "filesystem":
      return { ...answer, path: scrubber.scrubPath(answer.path) };
    case "tool":
      return {
        ...answer,
        answer: answer.answer.ok
          ? {
              ok: true,
              value: {
                exitCode: answer.answer.value.exitCode,
                stdout: scrubToolText(answer.answer.value.stdout, scrubber),
                stderr: scrubToolText(answer.answer.value.stderr, scrubber),
              },
            }
          : answer.answer,
      };
    case "system-information":
      return answer.answer.ok
        ? { ...answer, answer: { ok: true, value: scrubJson(answer.answer.value, scrubber) } }
        : answer;
  }
}

function learnFrom(answer: Answer, scrubber: Scrubber): void {
  if (answer.kind === "file" && answer.answer.ok) {
    const kind = kindOfFile(answer.path);
    const text = decodeText(answer.answer.value);
    // A VPD page has four bytes of header before its text.
    if (kind !== null)
      scrubber.learn(kind, answer.path.endsWith("/vpd_pg80") ? text.slice(4) : text);
  }
  if (answer.kind === "tool" && answer.answer.ok) {
    const { stdout } = answer.answer.value;
    for (const [, field = "", value = ""] of stdout.matchAll(fieldLine)) {
      const kind = kindOfField(field);
      if (kind !== null) scrubber.learn(kind, value);
    }
    const json = parsedJson(stdout);
    learnFromJson(json, scrubber);
    learnFromToolForms(stdout, scrubber);
    if (answer.request.tool === "lldpctl") learnFromNeighbours(json, scrubber);
  }
  if (answer.kind === "system-information" && answer.answer.ok)
    learnFromJson(answer.answer.value, scrubber);
}

/** Names of devices by blanks, colons or in other forms go before plain words, of which they hold parts. */
function scrubToolText(text: string, scrubber: Scrubber): string {
  return scrubber.scrub(scrubToolForms(text, scrubber));
}

function learnFromJson(value: unknown, scrubber: Scrubber, field = ""): void {
  if (typeof value === "string") {
    const kind = kindOfField(field);
    if (kind !== null) scrubber.learn(kind, value);
  } else if (Array.isArray(value)) {
    for (const item of value) learnFromJson(item, scrubber, field);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) learnFromJson(item, scrubber, key);
  }
}

function scrubJson(value: unknown, scrubber: Scrubber, field = ""): unknown {
  if (typeof value === "string")
    return kindOfField(field) === null ? scrubber.scrub(value) : scrubber.scrubWhole(value);
  if (Array.isArray(value)) return value.map((item) => scrubJson(item, scrubber, field));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, scrubJson(item, scrubber, key)]),
  );
}

function scrubFile(
  answer: Extract<Answer, { kind: "file" }>,
  bytes: Uint8Array,
  scrubber: Scrubber,
): Uint8Array {
  // Figures only; a serial of digits alone could stand there by chance.
  if (answer.isCounter) return bytes;
  const text = decodeText(bytes);
  const scrubbed = answer.path.endsWith("/mountinfo")
    ? scrubMountinfo(text, scrubber)
    : kindOfFile(answer.path) === null
      ? scrubber.scrub(text)
      : scrubber.scrubWhole(text);
  return scrubbed === text ? bytes : encoder.encode(scrubbed);
}

/** Root, mount point, device and paths among the options: anything there may name a customer. */
export function scrubMountinfo(text: string, scrubber: Scrubber): string {
  return text
    .split("\n")
    .map((line) => {
      const words = line.split(" ");
      const separator = words.indexOf("-");
      return words
        .map((word, place) => {
          const isPath = place === 3 || place === 4 || (separator > 0 && place === separator + 2);
          if (isPath) return scrubber.scrubPath(word);
          return separator > 0 && place > separator + 2
            ? word.replace(/=([^,]*\/[^,]*)/g, (_, path: string) => `=${scrubber.scrubPath(path)}`)
            : word;
        })
        .join(" ");
    })
    .join("\n");
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const encoder = new TextEncoder();

/** Secrets, other people's processes, addresses of the kernel: not even scrubbed. */
const neverRecorded =
  /^\/etc\/(?:shadow|gshadow|ssh|ssl|krb5)|^\/proc\/(?:cmdline|kallsyms|kcore|keys|\d+\/|self\/(?:environ|maps|cmdline))|^\/(?:root|home)\//;
