import { expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { scanFixture } from "./scan-fixture.ts";
import { keyOf } from "./recording.ts";
import { learnFromFrames, scrubAnswer, scrubMountinfo } from "./scrub-answers.ts";
import { learnFromNeighbours, learnFromToolForms } from "./scrub-tool-forms.ts";
import { Scrubber } from "#proto/scrub/scrubber.ts";

const scrubber = () => new Scrubber(createSeededRandom(7));

test("a serial keeps its form and is the same everywhere, in hexadecimal and base64 too", () => {
  const own = scrubber();
  own.learn("serial", "S64HNE0T000001      ");
  const replaced = own.scrub("S64HNE0T000001");
  expect(replaced).toMatch(/^[A-Z]\d\d[A-Z]{3}\d[A-Z]\d{6}$/);
  expect(replaced).not.toBe("S64HNE0T000001");
  expect(own.scrub("nvme-SAMSUNG_MZQL2_S64HNE0T000001 -> x")).toBe(
    `nvme-SAMSUNG_MZQL2_${replaced} -> x`,
  );
  const hex = Buffer.from("S64HNE0T000001").toString("hex");
  expect(own.scrub(`nvme.144d-${hex}-4d5a`)).toBe(
    `nvme.144d-${Buffer.from(replaced).toString("hex")}-4d5a`,
  );
  expect(own.scrub(Buffer.from("S64HNE0T000001").toString("base64"))).toContain(
    Buffer.from(replaced).toString("base64").replace(/=+$/, ""),
  );
  expect(own.counts()).toEqual({ serial: 1 });
});

test.each([
  "",
  "    ",
  "Not Specified",
  "To Be Filled By O.E.M.",
  "0123456789",
  "00000000-0000-0000-0000-000000000000",
])("%j stays as it is: it is what a recording is for", (text) => {
  const own = scrubber();
  own.learn("serial", text);
  expect(own.scrub(`Serial Number: ${text}\n`)).toBe(`Serial Number: ${text}\n`);
  expect(own.counts()).toEqual({});
});

test("an NVMe disk that is named by its serial goes on being named by it", () => {
  const named = (serial: string): string =>
    `nvme.1af4-${Buffer.from(serial).toString("hex")}-51454d55-00000001`;
  const byName = new Scrubber(createSeededRandom(7));
  byName.learn("wwn", named("S3RIAL01"));
  byName.learn("serial", "S3RIAL01");
  const replaced = byName.scrubWhole("S3RIAL01");
  expect(replaced).not.toBe("S3RIAL01");
  expect(byName.scrubWhole(`${named("S3RIAL01")}\n`)).toBe(`${named(replaced)}\n`);
});

test("a MAC address keeps its maker, in both cases", () => {
  const own = scrubber();
  const replaced = own.scrub("b0:26:28:12:34:56");
  expect(replaced).toMatch(/^b0:26:28:(?!12:34:56)/);
  expect(own.scrub("HWaddr B0:26:28:12:34:56.")).toBe(`HWaddr ${replaced.toUpperCase()}.`);
  expect(own.scrub("00:00:00:00:00:00 ff:ff:ff:ff:ff:ff")).toBe(
    "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff",
  );
});

test("addresses become those kept for documentation; versions are no addresses", () => {
  const own = scrubber();
  expect(own.scrub("10.20.30.40 via 10.20.30.1, again 10.20.30.40")).toBe(
    "192.0.2.1 via 192.0.2.2, again 192.0.2.1",
  );
  expect(own.scrub("127.0.0.1 255.255.255.0")).toBe("127.0.0.1 255.255.255.0");
  expect(own.scrub("Firmware Revision: 2.10.0.3\n")).toBe("Firmware Revision: 2.10.0.3\n");
  expect(own.scrub("fe80::b226:28ff:fe12:3456")).toBe("2001:db8::1");
  expect(own.scrub("::1")).toBe("::1");
  expect(own.scrub("0000:00:1f.2")).toBe("0000:00:1f.2");
});

test("UUIDs keep version and variant, world-wide names their maker", () => {
  const own = scrubber();
  expect(own.scrub("4c4c4544-0051-3010-8052-b4c04f4a3132")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(own.scrub("wwn-0x5000c500a1b2c3d4")).toMatch(/^wwn-0x5000c50(?!0a1b2c3d4)[0-9a-f]{9}$/);
});

test("a short host name is replaced where it stands alone, never inside of words", () => {
  const own = scrubber();
  own.learn("hostname", "vm");
  expect(own.scrubWhole("vm\n")).toBe("host-a\n");
  expect(own.scrub("Hyper vm stays")).toBe("Hyper vm stays");
});

test("host names get plain ones, with an example domain where they had one", () => {
  const own = scrubber();
  own.learn("hostname", "db17");
  own.learn("hostname", "db17.fra.customer.com");
  expect(own.scrubWhole("db17.fra.customer.com")).toBe("host-a.example");
});

test("mount points and devices lose words that may name a customer", () => {
  const own = scrubber();
  const line =
    "31 27 8:1 / /srv/acme-billing/data rw,relatime - xfs /dev/mapper/vg_acme-root rw,prjquota=/srv/acme-billing";
  const scrubbed = scrubMountinfo(line, own);
  expect(scrubbed).toMatch(
    /^31 27 8:1 \/ \/srv\/[a-z]{4}-[a-z]{7}\/data rw,relatime - xfs \/dev\/mapper\/[a-z]{2}_[a-z]{4}-[a-z]{4} rw,prjquota=\/srv\/[a-z]{4}-[a-z]{7}$/,
  );
  expect(scrubbed).not.toContain("acme");
  expect(own.scrubPath("/srv/acme-billing/data")).toBe(scrubbed.split(" ")[4]);
});

test("the scan finds what was left: plain, backwards, in hexadecimal and in base64", () => {
  const own = scrubber();
  own.learn("serial", "ZFA0ABCD12");
  const look = (text: string) =>
    scanFixture(
      [{ path: "frames/0000/files/x", bytes: new TextEncoder().encode(text), isCounter: false }],
      own,
    );
  expect(look(own.scrub("ZFA0ABCD12"))).toEqual([]);
  for (const left of [
    "ZFA0ABCD12",
    "21DCBA0AFZ",
    Buffer.from("ZFA0ABCD12").toString("hex"),
    Buffer.from("ZFA0ABCD12").toString("base64"),
  ])
    expect(look(`x ${left} y`)).toEqual(["frames/0000/files/x: a serial that was to be replaced"]);
});

test.each([
  ["-----BEGIN RSA PRIVATE KEY-----", "a PEM block"],
  ["Password: secret", "the word password"],
  ["address 192.168.4.7 here", "a private address"],
  ["b0:26:28:12:34:56", "a MAC address that was not replaced"],
])("the scan stops at %s", (text, what) => {
  const findings = scanFixture(
    [{ path: "x", bytes: new TextEncoder().encode(text), isCounter: false }],
    scrubber(),
  );
  expect(findings[0]).toBe(`x: ${what}`);
});

test("digits of a serial are not looked for among counters", () => {
  const own = scrubber();
  own.learn("serial", "8837465");
  expect(
    scanFixture(
      [{ path: "x", bytes: new TextEncoder().encode("sda 8837465 1\n"), isCounter: true }],
      own,
    ),
  ).toEqual([]);
});

test("one disk is the same other disk in every tool's own form", () => {
  const tool = (
    name: "smartctl" | "lsblk" | "multipath" | "storcli64" | "dmidecode",
    stdout: string,
  ) =>
    ({
      kind: "tool",
      request: { tool: name, args: [name], timeoutMs: 1 },
      tookMs: 1,
      answer: { ok: true, value: { exitCode: 0, stdout, stderr: "" } },
    }) as const;
  const answers = [
    tool(
      "smartctl",
      JSON.stringify(
        {
          serial_number: "ZC1A2B3C",
          wwn: { naa: 5, oui: 3152, id: 2712847316 },
          power_on_time: { hours: 5 },
        },
        null,
        2,
      ),
    ),
    tool(
      "lsblk",
      '{"blockdevices":[{"name":"sda","serial":"ZC1A2B3C","wwn":"0x5000c500a1b2c3d4"}]}',
    ),
    tool("multipath", "mpatha (35000c500a1b2c3d4) dm-0 SEAGATE,ST4000\n"),
    tool("storcli64", "SN = ZC1A2B3C\nWWN = 5000C500A1B2C3D4\n"),
    tool("dmidecode", "LU WWN Device Id: 5 000c50 0a1b2c3d4\nSerial Number: ZC1A2B3C\n"),
    {
      kind: "file",
      path: "/sys/block/sda/wwid",
      isCounter: false,
      offsetMs: 0,
      answer: { ok: true, value: new TextEncoder().encode("naa.5000c500a1b2c3d4\n") },
    },
  ] as const;
  const own = scrubber();
  const map = new Map(answers.map((answer) => [keyOf(answer), answer]));
  learnFromFrames([{ atUnixMs: 0, atMonotonicMs: 0, tookMs: 0, answers: map }], own);
  const [smart = "", block = "", path = "", raid = "", text = "", file = ""] = answers.map(
    (answer) => {
      const scrubbed = scrubAnswer(answer, own);
      if (!scrubbed.answer.ok) return "";
      const { value } = scrubbed.answer;
      if (value instanceof Uint8Array) return Buffer.from(value).toString();
      return typeof value === "object" && value !== null && "stdout" in value
        ? String(value.stdout)
        : "";
    },
  );
  const wwn = /0x(5000c50[0-9a-f]{9})/.exec(block)?.[1] ?? "";
  const serial = /"serial":"(\w{8})"/.exec(block)?.[1] ?? "";
  expect(wwn).not.toBe("5000c500a1b2c3d4");
  expect(serial).toMatch(/^[A-Z]{2}\d[A-Z]\d[A-Z]\d[A-Z]$/);
  expect(serial).not.toBe("ZC1A2B3C");
  const { wwn: numbers, serial_number } = JSON.parse(smart);
  expect(serial_number).toBe(serial);
  expect(numbers).toEqual({ naa: 5, oui: 3152, id: Number.parseInt(wwn.slice(7), 16) });
  expect(path).toBe(`mpatha (3${wwn}) dm-0 SEAGATE,ST4000\n`);
  expect(raid).toBe(`SN = ${serial}\nWWN = ${wwn.toUpperCase()}\n`);
  expect(text).toBe(
    `LU WWN Device Id: ${wwn.slice(0, 1)} ${wwn.slice(1, 7)} ${wwn.slice(7)}\nSerial Number: ${serial}\n`,
  );
  expect(file).toBe(`naa.${wwn}\n`);
});

test("switches lose their names, also where a name is a key", () => {
  const own = scrubber();
  const lldp = {
    lldp: {
      interface: {
        eth0: {
          chassis: {
            "leaf7.fra.customer.com": { id: { type: "mac", value: "b0:26:28:12:34:56" } },
          },
        },
      },
    },
  };
  learnFromNeighbours(lldp, own);
  expect(own.scrub(JSON.stringify(lldp))).not.toContain("customer");
  expect(own.scrub(JSON.stringify(lldp))).toContain('"eth0"');
});

test("ids of arrays and volumes are replaced in their own form", () => {
  const own = scrubber();
  const text =
    "UUID : 1f5c2a10:33b41c7e:9ad0ee41:0b7c55d2\n  LV UUID  Zx81ab-q1w2-e3r4-t5y6-u7i8-o9p0-asdfgh\n";
  learnFromToolForms(text, own);
  expect(own.scrub(text)).toMatch(
    /^UUID : (?!1f5c2a10)[0-9a-f]{8}(?::[0-9a-f]{8}){3}\n {2}LV UUID {2}(?!Zx81ab)\w{6}(?:-\w{4}){5}-\w{6}\n$/,
  );
});
