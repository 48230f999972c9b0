import { describe, expect, test } from "vitest";
import type { SelEntry } from "#proto/messages/state.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { absent } from "./absences.ts";
import { createBootCollector, parseBootTime } from "./boot.ts";
import { describePstoreRecord } from "./boot-pstore.ts";
import { selAroundBoot } from "./boot-sel.ts";
import { parseLast } from "./boot-wtmp.ts";

const bootedMs = unixMs(1_795_400_000_000);
const noSel = fail(
  absent({
    what: "wws.bmc.sel.usage",
    reason: "no-kernel-interface",
    detail: "/sys/class/ipmi: no BMC in-band",
  }),
);
const last = ["last", "-x", "-F", "-n", "32", "reboot", "shutdown", "runlevel"];

/** A host that panicked, was reset by its watchdog, and has an agent and a BMC. */
function crashedHost(): MemorySource {
  const source = createMemorySource({
    "/proc/stat": "cpu  1 2 3 4\nintr 5\nctxt 9\nbtime 1795400000\nprocesses 7\n",
    "/sys/fs/pstore/dmesg-efi_pstore-179539998001001": panicText,
    "/sys/module/pstore/parameters/backend": "efi_pstore\n",
    "/sys/class/watchdog/watchdog0/bootstatus": "32\n",
    "/sys/class/watchdog/watchdog1/bootstatus": "1\n",
  });
  source.putTool(last, { stdout: crashedBook });
  return source;
}

const panicText = `Panic#1 Part1
<6>[ 4012.118033] systemd[1]: Started something.
<4>[ 4013.000001] mce: [Hardware Error]: Machine check events logged
<0>[ 4013.100200] Kernel panic - not syncing: Fatal exception in interrupt
<0>[ 4013.100300] Kernel Offset: 0x1c000000 from 0xffffffff81000000
`;
const crashedBook = `reboot   system boot  6.1.0-13-amd64   Mon Nov 23 05:00:00 2026   still running
runlevel (to lvl 5)   6.1.0-13-amd64   Mon Nov 23 03:15:20 2026 - Mon Nov 23 04:43:40 2026  (01:28)
reboot   system boot  6.1.0-13-amd64   Mon Nov 23 03:15:00 2026 - Mon Nov 23 04:58:20 2026  (01:43)

wtmp begins Mon Nov 23 02:13:20 2026
`;

function selEntry(id: number, atMs: number | null): SelEntry {
  return {
    id,
    atMs: atMs === null ? null : unixMs(atMs),
    sensor: "Watchdog 2",
    event: "Hard reset",
    asserted: true,
  };
}

describe("the evidence of a boot", () => {
  test("is the dying kernel's words, the watchdogs' bits, the BMC's log and the agent's end", async () => {
    const collector = createBootCollector({
      source: crashedHost(),
      bootBefore: { agentStopped: false, agentLastMs: unixMs(bootedMs - 90_000) },
      readSelEntries: async () =>
        ok([selEntry(1, bootedMs - 86_400_000), selEntry(2, bootedMs - 60_000)]),
    });
    const { boot, absences } = await collector.discover();
    expect(boot).toEqual({
      bootedMs,
      pstore: [
        "dmesg-efi_pstore-179539998001001: Kernel panic - not syncing: Fatal exception in interrupt",
      ],
      sel: [selEntry(2, bootedMs - 60_000)],
      watchdogStatus: 33,
      agentStopped: false,
      agentLastMs: bootedMs - 90_000,
      shutdown: null,
    });
    expect(absences).toEqual([]);
  });

  test("is gathered once, and the boot does not move when the clock is set", async () => {
    const source = crashedHost();
    let asked = 0;
    const readSelEntries = async () => {
      asked += 1;
      return asked === 1 ? noSel : ok([]);
    };
    const collector = createBootCollector({ source, bootBefore: null, readSelEntries });
    expect((await collector.discover()).absences.map(({ what }) => what)).toEqual([
      "boot.sel",
      "boot.agent",
    ]);
    source.put("/proc/stat", "btime 1795400077\n");
    for (let look = 0; look < 20; look += 1) await collector.discover();
    expect((await collector.discover()).boot?.bootedMs).toBe(bootedMs);
    expect(asked).toBe(5);
  });

  test("of a bare machine is the time of the boot, and an absence for each thing that is not there", async () => {
    const source = createMemorySource({ "/proc/stat": "btime 1795400000\n" });
    const collector = createBootCollector({
      source,
      bootBefore: null,
      readSelEntries: async () => noSel,
    });
    const { boot, absences } = await collector.discover();
    expect(boot).toMatchObject({ bootedMs, pstore: [], sel: [], watchdogStatus: null });
    expect(absences.map(({ what, reason }) => [what, reason])).toEqual([
      ["boot.pstore", "no-kernel-interface"],
      ["boot.watchdog", "no-kernel-interface"],
      ["boot.shutdown", "tool-missing"],
      ["boot.sel", "no-kernel-interface"],
      ["boot.agent", "not-yet-collected"],
    ]);
    expect(absences.every(({ detail }) => detail.length > 20)).toBe(true);
  });

  test("without root says which part it may not read, and an empty store that there is none", async () => {
    const source = crashedHost();
    source.putProblem("/sys/fs/pstore", "denied", "EACCES");
    source.remove("/sys/fs/pstore/dmesg-efi_pstore-179539998001001");
    const denied = {
      ...source,
      listDirectory: (path: string) =>
        path === "/sys/fs/pstore"
          ? ({ ok: false, problem: { kind: "denied", path, errno: "EACCES" } } as const)
          : source.listDirectory(path),
    };
    const parts = { bootBefore: null, readSelEntries: async () => ok([]) };
    const { absences } = await createBootCollector({ source: denied, ...parts }).discover();
    expect(absences[0]).toMatchObject({
      what: "boot.pstore",
      reason: "permission-denied",
      detail:
        "/sys/fs/pstore (EACCES): systemctl start wws-looker.socket, or run the agent as root",
    });
    const empty = {
      ...source,
      listDirectory: (path: string) =>
        path === "/sys/fs/pstore" ? ({ ok: true, value: [] } as const) : source.listDirectory(path),
    };
    expect(
      (await createBootCollector({ source: empty, ...parts }).discover()).absences,
    ).toHaveLength(1);
    source.put("/sys/module/pstore/parameters/backend", "(null)\n");
    const { absences: stores } = await createBootCollector({ source: empty, ...parts }).discover();
    expect(stores[0]?.detail).toContain("modprobe efi_pstore, erst or ramoops");
  });

  test("takes what systemd moved away, newest first, and leaves a crash of last year", async () => {
    const source = crashedHost();
    source.put(
      "/var/lib/systemd/pstore/1795399990/dmesg.txt",
      "<1>[ 9.1] BUG: kernel NULL pointer\n",
    );
    source.put(
      "/var/lib/systemd/pstore/1760000000/001/dmesg.txt",
      "Kernel panic - not syncing: old\n",
    );
    const { boot } = await createBootCollector({
      source,
      bootBefore: null,
      readSelEntries: async () => ok([]),
    }).discover();
    expect(boot?.pstore).toEqual([
      "1795399990/dmesg.txt: BUG: kernel NULL pointer",
      "dmesg-efi_pstore-179539998001001: Kernel panic - not syncing: Fatal exception in interrupt",
    ]);
  });
});

describe("a record of pstore", () => {
  test.each([
    ["dmesg-erst-7", "Oops#1 Part2\n<4>[1.2] RIP: 0010:x\n", "dmesg-erst-7: Oops#1 Part2"],
    [
      "dmesg-erst-8.enc.z",
      "\u0000\u0001x",
      "dmesg-erst-8.enc.z: compressed, and this kernel cannot open it",
    ],
    ["dmesg-ramoops-0", "", "dmesg-ramoops-0: no text"],
    [
      "console-ramoops-0",
      "[  1.0] watchdog: BUG: soft lockup - CPU#3 stuck for 23s!\n[  2.0] more\n",
      "console-ramoops-0: watchdog: BUG: soft lockup - CPU#3 stuck for 23s!",
    ],
    ["console-ramoops-0", "[ 99.1] reboot: Restarting system\n", null],
  ])("%s with %j is %j", (name, text, line) => {
    expect(describePstoreRecord(name, text)).toBe(line);
  });
});

describe("the book of boots", () => {
  test("a restart by level 6, a power-off by level 0", () => {
    const orderly = (level: string) =>
      crashedBook.replace(
        "runlevel (to lvl 5)",
        `shutdown system down  6.1.0-13-amd64   Mon Nov 23 04:58:30 2026 - Mon Nov 23 05:00:00 2026  (00:01)\nrunlevel (to lvl ${level})   6.1.0-13-amd64   Mon Nov 23 04:58:20 2026\nrunlevel (to lvl 5)`,
      );
    expect(parseLast(orderly("6"))).toEqual({ shutdown: "reboot", knowsBootBefore: true });
    expect(parseLast(orderly("0"))).toEqual({ shutdown: "poweroff", knowsBootBefore: true });
    expect(parseLast(orderly("5"))).toEqual({ shutdown: "shutdown", knowsBootBefore: true });
  });

  test("two boots with no shutdown between them were not left in order", () => {
    expect(parseLast(crashedBook)).toEqual({ shutdown: null, knowsBootBefore: true });
    expect(parseLast(crashedBook.replaceAll("\n", "\r\n"))).toEqual({
      shutdown: null,
      knowsBootBefore: true,
    });
  });

  test("a book that was begun anew says nothing of the boot before", () => {
    const first = crashedBook.split("\n")[0] ?? "";
    expect(parseLast(`${first}\n\nwtmp begins Mon Nov 23 05:00:00 2026\n`)).toEqual({
      shutdown: null,
      knowsBootBefore: false,
    });
    expect(parseLast("\nwtmp begins Tue May 20 00:00:00 2025\n")).toBeNull();
  });
});

test.each([
  ["cpu  1\nbtime 1795400000\n", bootedMs],
  ["btime 0\n", null],
  ["btime 18446744073\n", null],
  ["btime -5\n", null],
  ["", null],
])("the time of boot in %j", (text, at) => {
  expect(parseBootTime(text)).toBe(at);
});

test("entries without a time count among and right behind those near the boot, and nowhere else", () => {
  const entries = [
    selEntry(9, null),
    selEntry(8, bootedMs + 3_600_000),
    selEntry(7, null),
    selEntry(6, bootedMs + 60_000),
    selEntry(5, null),
    selEntry(4, bootedMs - 60_000),
    selEntry(3, null),
    selEntry(2, bootedMs - 86_400_000),
  ];
  expect(selAroundBoot(entries, bootedMs).map(({ id }) => id)).toEqual([4, 5, 6, 7]);
  expect(selAroundBoot([selEntry(1, null)], bootedMs)).toEqual([]);
});
