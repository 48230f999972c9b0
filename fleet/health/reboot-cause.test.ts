import { describe, expect, test } from "vitest";
import type { BootEvidence, SelEntry } from "#proto/messages/state.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { fc } from "#test/support/properties.ts";
import { becauseMax, decideRebootCause } from "./reboot-cause.ts";
import { type LastSamples, type RebootFacts, rebootCauses } from "./reboot-facts.ts";

const endedMs = 1_800_000_000_000;
const bootedMs = unixMs(endedMs + 60_000);

const quietBoot: BootEvidence = {
  bootedMs,
  pstore: [],
  sel: [],
  watchdogStatus: 0,
  agentStopped: null,
  agentLastMs: unixMs(endedMs),
  shutdown: null,
};
const calm: LastSamples = {
  observedMs: endedMs,
  thermalMargin: { celsius: 40, part: "CPU1" },
  hottest: { celsius: 55, part: "CPU1" },
  suppliesDown: [],
  watts: 300,
  memoryUtilization: 0.4,
  memoryPressure: 0,
  uncorrectedErrors: 0,
};
const facts = (
  boot: Partial<BootEvidence> | null,
  more: Partial<RebootFacts> = {},
): RebootFacts => ({
  previousBootId: "a",
  bootId: "b",
  boot: boot === null ? null : { ...quietBoot, ...boot },
  last: calm,
  link: { lastHeardMs: endedMs, backMs: endedMs + 95_000 },
  neighbours: { rack: { lost: 0, of: 19 }, site: { lost: 0, of: 79 } },
  ...more,
});
const sel = (sensor: string, event: string, atMs: number | null = endedMs + 2_000): SelEntry => ({
  id: 17,
  atMs: atMs === null ? null : unixMs(atMs),
  sensor,
  event,
  asserted: true,
});

describe("the cause of a reboot", () => {
  test.each<[string, string, RebootFacts]>([
    ["clean-reboot", "certain", facts({ agentStopped: true, shutdown: "reboot" })],
    ["clean-reboot", "certain", facts({ shutdown: "poweroff" })],
    ["clean-reboot", "likely", facts({ agentStopped: true })],
    [
      "kernel-panic",
      "certain",
      facts({
        pstore: [
          "dmesg-efi_pstore-179999999901001: Kernel panic - not syncing: Attempted to kill init!",
        ],
      }),
    ],
    [
      "kernel-panic",
      "certain",
      facts({
        pstore: ["dmesg-efi_pstore-180000000001001: watchdog: BUG: soft lockup - CPU#3 stuck"],
        watchdogStatus: 0x20,
      }),
    ],
    [
      "kernel-panic",
      "certain",
      facts({ sel: [sel("OS Critical Stop #0x46", "Run-time critical stop")] }),
    ],
    [
      "kernel-panic",
      "possible",
      facts({ pstore: ["dmesg-efi-1: compressed, and this kernel cannot open it"] }),
    ],
    [
      "hardware-error",
      "certain",
      facts({ pstore: ["1800000000/dmesg.txt: Kernel panic - not syncing: Fatal machine check"] }),
    ],
    [
      "hardware-error",
      "certain",
      facts({ sel: [sel("Processor #0xfa", "IERR"), sel("Watchdog2 #0xca", "Hard reset")] }),
    ],
    ["hardware-error", "certain", facts({ sel: [sel("Memory #0x53", "Uncorrectable ECC")] })],
    ["thermal-trip", "certain", facts({ sel: [sel("Processor CPU1", "Thermal Trip")] })],
    [
      "thermal-trip",
      "likely",
      facts({ sel: [sel("Temperature CPU1 Temp", "Upper Non-recoverable going high")] }),
    ],
    [
      "thermal-trip",
      "likely",
      facts({}, { last: { ...calm, thermalMargin: { celsius: -1, part: "CPU1" } } }),
    ],
    ["watchdog", "certain", facts({ watchdogStatus: 0x20 })],
    ["watchdog", "certain", facts({ sel: [sel("Watchdog2 #0xca", "Hard reset")] })],
    ["power-lost", "certain", facts({ sel: [sel("Power Supply #0x51", "Power Supply AC lost")] })],
    [
      "power-lost",
      "likely",
      facts({}, { neighbours: { rack: { lost: 18, of: 19 }, site: { lost: 18, of: 79 } } }),
    ],
    [
      "operator-power-cycle",
      "certain",
      facts({ sel: [sel("Button #0x14", "Power Button pressed")] }),
    ],
    [
      "operator-power-cycle",
      "certain",
      facts({ sel: [sel("System Restart", "Chassis control command power cycle")] }),
    ],
    [
      "firmware-reset",
      "likely",
      facts({ sel: [sel("System Boot Initiated", "Initiated by hard reset")] }),
    ],
    ["unknown", "possible", facts({})],
    ["unknown", "possible", facts(null, { last: null })],
  ])("is %s, %s", (cause, confidence, evidence) => {
    const answer = decideRebootCause(evidence);
    expect([answer.cause, answer.confidence]).toEqual([cause, confidence]);
    expect(answer.because.length).toBeGreaterThan(0);
  });

  test("an order to shut down is believed before a supply that was lost while somebody worked there", () => {
    const answer = decideRebootCause(
      facts({
        agentStopped: true,
        shutdown: "poweroff",
        sel: [sel("Power Supply #0x51", "Power Supply AC lost")],
      }),
    );
    expect(answer).toMatchObject({ cause: "clean-reboot", confidence: "likely" });
    expect(answer.because).toContainEqual(expect.stringMatching(/^beside it, for power-lost:/));
  });

  test("a panic on the way down is a panic, however orderly it began", () => {
    const pstore = [
      "dmesg-efi_pstore-180000000201001: Kernel panic - not syncing: Fatal exception",
    ];
    const answer = decideRebootCause(facts({ agentStopped: true, shutdown: "reboot", pstore }));
    expect(answer.cause).toBe("kernel-panic");
  });

  test("a record of a crash long before is not taken for this one's", () => {
    for (const record of ["dmesg-efi_pstore-179980000001001", "1799800000/dmesg.txt"]) {
      const pstore = [`${record}: Kernel panic - not syncing: old`];
      expect(decideRebootCause(facts({ pstore })).cause).toBe("unknown");
    }
  });

  test("a record without a time may be of any crash before: it is likely, and no more than that", () => {
    for (const name of ["dmesg-erst-7", "dmesg-ramoops-0", "dmesg-efi-1"]) {
      const pstore = [`${name}: Kernel panic - not syncing: Fatal exception`];
      const answer = decideRebootCause(facts({ pstore }));
      expect(answer).toMatchObject({ cause: "kernel-panic", confidence: "likely" });
      expect(answer.because[0]).toContain("at a time that the record does not tell");
      const stalled = [`${name}: rcu: INFO: rcu_sched self-detected stall on CPU`];
      expect(decideRebootCause(facts({ pstore: stalled })).confidence).toBe("possible");
    }
  });

  test("a record without a time gives way to whoever saw this end", () => {
    const pstore = ["dmesg-erst-7: Kernel panic - not syncing: Fatal exception"];
    const bitten = decideRebootCause(facts({ pstore, watchdogStatus: 0x20 }));
    expect(bitten.cause).toBe("watchdog");
    expect(bitten.because).toContainEqual(expect.stringMatching(/^beside it, for kernel-panic:/));
    const ordered = facts({ pstore, agentStopped: true, shutdown: "reboot" });
    expect(decideRebootCause(ordered).cause).toBe("clean-reboot");
  });

  test("a supply that was lost long before the end did not end it", () => {
    const lost = sel("Power Supply #0x51", "Power Supply AC lost", endedMs - 25 * 60_000);
    expect(decideRebootCause(facts({ sel: [lost] }))).toMatchObject({
      cause: "power-lost",
      confidence: "possible",
    });
  });

  test("what the BMC logs before it knows the time is believed less", () => {
    const tripped = sel("Processor CPU1", "Thermal Trip", null);
    expect(decideRebootCause(facts({ sel: [tripped] }))).toMatchObject({
      cause: "thermal-trip",
      confidence: "likely",
    });
  });

  test("an entry that is taken back, and a fan that crosses its bounds, tell nothing", () => {
    const entries = [
      { ...sel("Processor CPU1", "Thermal Trip"), asserted: false },
      sel("Fan FAN1", "Lower Non-recoverable going low"),
    ];
    expect(decideRebootCause(facts({ sel: entries })).cause).toBe("unknown");
  });

  test("of an unknown cause it says what was looked for and not found", () => {
    expect(decideRebootCause(facts({ watchdogStatus: null })).because).toEqual([
      "no kernel message in pstore",
      "no entry in a BMC's event log",
      "no watchdog that tells",
      "it was silent for 95 s",
      "none of the 79 other hosts of its site fell silent with it",
    ]);
  });

  test("there is always one answer with reasons, bounded, whatever the host says", () => {
    const words = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.constantFrom(
        "Kernel panic",
        "Thermal Trip",
        "AC lost",
        "IERR",
        "Watchdog2 Hard reset",
        "\0",
        "power cycle",
      ),
    );
    const number = fc.oneof(fc.constant(null), fc.double(), fc.integer());
    const boot = fc.record({
      bootedMs: fc.double().map((value) => value as UnixMs),
      pstore: fc.array(words, { maxLength: 8 }),
      sel: fc.array(
        fc.record({
          id: fc.integer(),
          atMs: number.map((value) => value as UnixMs | null),
          sensor: words,
          event: words,
          asserted: fc.boolean(),
        }),
        { maxLength: 70 },
      ),
      watchdogStatus: number,
      agentStopped: fc.constantFrom(true, false, null),
      agentLastMs: number.map((value) => value as UnixMs | null),
      shutdown: fc.oneof(fc.constant(null), words),
    });
    fc.assert(
      fc.property(boot, (evidence) => {
        const answer = decideRebootCause(facts(evidence));
        expect(rebootCauses).toContain(answer.cause);
        expect(answer.because.length).toBeGreaterThan(0);
        expect(answer.because.length).toBeLessThanOrEqual(becauseMax);
        for (const line of answer.because) expect(line.length).toBeLessThanOrEqual(400);
        expect(decideRebootCause(facts(evidence))).toEqual(answer);
      }),
    );
  });
});
