import { expect, test } from "vitest";
import { Scrubber } from "#proto/scrub/scrubber.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { writeRecording } from "../probe-recording.ts";
import { findLeaks } from "./find-leaks.ts";
import { encodeSixBit } from "./fru-texts.ts";
import { scrubRedfish } from "./scrub-redfish.ts";

function leaksIn(text: string, name = "redfish.json"): readonly string[] {
  const scrubber = new Scrubber(createSeededRandom(1));
  scrubber.learn("serial", "SN6882E8C2B0");
  scrubber.learn("mac", "02:57:57:14:e2:58");
  return findLeaks(new Map([[name, text]]), scrubber, {
    password: "Lab-pass-1",
    user: "jane.doe",
  });
}

test.each([
  ['{"SerialNumber":"SN6882E8C2B0"}', "still holds a serial"],
  ['{"Path":"/redfish/v1/Systems/sn6882e8c2b0"}', "still holds a serial"],
  ['{"x":"02:57:57:14:E2:58"}', "still holds a mac"],
  ['{"x":"Lab-pass-1"}', "holds the password"],
  ['{"x":"by jane.doe"}', "holds the user's name"],
  ['{"x":"at 10.4.7.9"}', "holds a private address"],
  ['{"headers":{"X-Auth-Token":"abc"}}', "holds a header of a login"],
])("%s is found, and not repeated in the message", (text, what) => {
  expect(leaksIn(text)).toEqual([`redfish.json ${what}`]);
});

test("a serial in a FRU is found over the parts in which it was read", () => {
  const hex = Buffer.from("SN6882E8C2B0").toString("hex");
  const line = (answer: string): string =>
    `{"netFn":10,"lun":0,"command":17,"data":"00000010","code":0,"answer":"08${answer}"}`;
  const text = `{"exchanges":[\n${line(hex.slice(0, 10))},\n${line(hex.slice(10))}\n]}`;
  expect(leaksIn(text, "ipmi.json")).toEqual(["ipmi.json still holds a serial in hexadecimal"]);
});

test("versions and addresses for documentation are nobody's", () => {
  expect(leaksIn('{"FirmwareVersion":"10.4.7.9","x":"192.0.2.4"}')).toEqual([]);
});

test("a firmware of four numbers stays what it is, an address does not", () => {
  const scrubber = new Scrubber(createSeededRandom(2));
  const body = { FirmwareVersion: "2.85.85.85", Note: "at 198.18.4.9" };
  const [answer] = scrubRedfish([{ path: "/redfish/v1/x", status: 200, body }], scrubber);
  expect(answer?.body).toMatchObject({ FirmwareVersion: "2.85.85.85" });
  expect(JSON.stringify(answer)).not.toContain("198.18.4.9");
});

test("a recording in which the password stands is not written", () => {
  const recording = {
    probedAtMs: 0,
    suiteUsed: null,
    exchanges: null,
    answers: [{ path: "/redfish/v1", status: 200, body: { Note: "it is Lab-pass-1" } }],
    ipmiOutcome: { outcome: "not-asked" },
    redfishOutcome: { outcome: "ok", detail: "1 resources" },
  } as const;
  const secrets = ["Lab-pass-1", "fleet", "192.0.2.7"];
  expect(() => writeRecording(recording, { secrets, random: createSeededRandom(3) })).toThrow(
    /holds the password/,
  );
});

test("six-bit text is written as the standard's example has it", () => {
  // FRU 1.0, 13.3: "IPMI" is 29h DCh A6h.
  expect(encodeSixBit("IPMI").toString("hex")).toBe("29dca6");
});
