import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc } from "#test/support/properties.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CellId, HostId } from "#proto/vocabulary/ids.ts";
import type { JournalFacts } from "./journal.ts";
import { JournalError } from "./journal-error.ts";
import { openJournalFile } from "./journal-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wws-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const facts: JournalFacts = {
  format: 1,
  privateKeyPem: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
  identity: {
    hostId: "01930000-0000-7000-8000-000000000001" as HostId,
    hostName: "web-1",
    cell: "na" as CellId,
    generation: 1,
    certificateChainPem: "chain",
    caPem: "ca",
  },
  manager: "fleet.example:7601",
  caKeySha256: "ab".repeat(32),
  term: 7,
};

function problemOf(read: () => unknown): JournalError {
  try {
    read();
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
  throw new Error("the journal was read");
}

test("what was written is read again, in a file for its owner alone", () => {
  const journal = openJournalFile(join(folder, "data"));
  expect(journal.read()).toBeNull();
  journal.write(facts);
  expect(journal.read()).toEqual(facts);
  expect(statSync(join(folder, "data/journal.json")).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
  journal.write({ ...facts, identity: null, manager: null, caKeySha256: null });
  expect(journal.read()).toEqual({ ...facts, identity: null, manager: null, caKeySha256: null });
  expect(readdirSync(join(folder, "data"))).toEqual(["journal.json"]);
});

test("a write that was cut off leaves the old journal, and does not stand in the way", () => {
  const journal = openJournalFile(folder);
  journal.write(facts);
  // What a power cut leaves: a file of zeros, or the beginning of the text.
  writeFileSync(join(folder, "journal.json.new"), Buffer.alloc(300), { mode: 0o644 });
  expect(journal.read()).toEqual(facts);
  journal.write({ ...facts, term: 8 });
  expect(journal.read()?.term).toBe(8);
  expect(statSync(join(folder, "journal.json")).mode & 0o777).toBe(0o600);
});

test("cut anywhere, or with any byte changed, it is whole or refused; never half believed", () => {
  const journal = openJournalFile(folder);
  journal.write(facts);
  const path = join(folder, "journal.json");
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length - 2; length += 7) {
    writeFileSync(path, whole.subarray(0, length));
    expect(problemOf(() => journal.read()).code).toBe("JOURNAL_MALFORMED");
  }
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      writeFileSync(path, damaged);
      try {
        const read = journal.read();
        expect(read?.format).toBe(1);
      } catch (error) {
        expect(error).toBeInstanceOf(JournalError);
      }
    }),
    { numRuns: 300 },
  );
});

test("a damaged journal is refused with what to do, and its key is not in the message", () => {
  writeFileSync(join(folder, "journal.json"), `{"format":1,"privateKeyPem":"c2VjcmV0"`);
  const { message, code } = problemOf(() => openJournalFile(folder).read());
  expect(code).toBe("JOURNAL_MALFORMED");
  expect(message).toContain(join(folder, "journal.json"));
  expect(message).toMatch(/restore it, or move it away and enrol the host again/);
  expect(message).not.toContain("c2VjcmV0");
});

test("a journal of a newer agent is refused, not overwritten", () => {
  const text = JSON.stringify({ ...facts, format: 2 });
  writeFileSync(join(folder, "journal.json"), text);
  const { code, message } = problemOf(() => openJournalFile(folder).read());
  expect(code).toBe("JOURNAL_NEWER");
  expect(message).toMatch(/format 2, this agent knows format 1/);
  expect(readFileSync(join(folder, "journal.json"), "utf8")).toBe(text);
});

test.each([
  ["identity", { hostId: "nonsense" }],
  ["term", -1],
  ["manager", 5],
  ["privateKeyPem", "no key"],
])("a wrong %s is refused", (field, value) => {
  writeFileSync(join(folder, "journal.json"), JSON.stringify({ ...facts, [field]: value }));
  expect(problemOf(() => openJournalFile(folder).read()).code).toBe("JOURNAL_MALFORMED");
});

test("where nothing can be written, that is said with the path", () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  const { code, message } = problemOf(() => openJournalFile(file).write(facts));
  expect(code).toBe("JOURNAL_NOT_WRITTEN");
  expect(message).toContain("a-file/journal.json cannot be written (");
});

test("a journal that is there and cannot be read is an error, not a new host", () => {
  // A folder in the file's place: even root cannot read it as a file.
  mkdirSync(join(folder, "journal.json"));
  const { code, message } = problemOf(() => openJournalFile(folder).read());
  expect(code).toBe("JOURNAL_UNREADABLE");
  expect(message).toMatch(/cannot be read \(EISDIR\)/);
});
