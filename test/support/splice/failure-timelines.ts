import { createErrorsCollector } from "#agent/collectors/machine-check-collector.ts";
import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import { createReadonlyCollector } from "#agent/collectors/filesystem-readonly.ts";
import { createIpmiCollector } from "#agent/collectors/ipmi.ts";
import { IpmiReader } from "#agent/collectors/ipmi-reader.ts";
import { createSmartCollector } from "#agent/collectors/smart.ts";
import { createThermalCollector } from "#agent/collectors/thermal.ts";
import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { changeFiles, changeTool, type Fault } from "./splice-frames.ts";

/** A machine going wrong over time: what is read of it, how often, and what is spliced in. */
export interface FailureTimeline {
  /** Folder below hardware-fixtures/failures. */
  readonly name: string;
  readonly frames: number;
  readonly intervalMs: number;
  readonly knownFault: string;
  /** Whether a BMC drives fans and supplies; else chips on the board show them. */
  readonly hasBmc: boolean;
  createCollector(parts: {
    readonly source: HardwareSource;
    readonly sink: SampleSink;
    readonly clock: Clock;
  }): Collector;
  readonly faults: readonly Fault[];
}

const minuteMs = 60_000;
const real = () => ({ kind: "none" }) as const;

/** The disk whose SMART answers go bad. */
export const dyingDisk = "sdb";

export const failureTimelines: readonly FailureTimeline[] = [
  {
    name: "disk-dying",
    frames: 24,
    intervalMs: 10 * minuteMs,
    knownFault: `${dyingDisk} dies: pending sectors grow from frame 4, reallocated ones from frame 10, its own verdict falls at frame 20`,
    hasBmc: true,
    createCollector: (parts) =>
      createSmartCollector({ ...parts, random: createSeededRandom(1), drivesPerLook: 16 }),
    faults: [
      changeTool(
        `a growing count of lost sectors in the answers of ${dyingDisk}, made up after the order in which failing disks count`,
        new RegExp(`^smartctl .*/dev/${dyingDisk}$`),
        (said, frame) => dyingAnswer(said, frame),
      ),
    ],
  },
  {
    name: "supply-lost",
    frames: 16,
    intervalMs: minuteMs,
    knownFault: "supply 2 loses its input from frame 4 to frame 9",
    hasBmc: true,
    createCollector: ({ source, sink }) =>
      createIpmiCollector(source, sink, new IpmiReader(source, real)),
    faults: [
      changeTool(
        "a lost input of the second supply, in the words of the sensor type",
        /^ipmitool sdr elist/,
        ({ exitCode, stdout }, frame) => ({
          exitCode,
          stdout: frame >= 4 && frame <= 9 ? withoutSupply(stdout) : stdout,
        }),
      ),
    ],
  },
  {
    name: "memory-storm",
    frames: 16,
    intervalMs: minuteMs,
    knownFault:
      "one module corrects hundreds of errors a minute from frame 5, and fails to at frame 14",
    hasBmc: true,
    createCollector: ({ source, sink }) => createErrorsCollector(source, sink),
    faults: [
      changeFiles(
        "a storm of corrected errors on one module",
        /\/mc0\/dimm1\/dimm_ce_count$/,
        (text, frame) => (frame < 5 ? text : `${(frame - 4) * 700}\n`),
      ),
      changeFiles(
        "an uncorrected error on the same module",
        /\/mc0\/dimm1\/dimm_ue_count$/,
        (text, frame) => (frame < 14 ? text : "1\n"),
      ),
    ],
  },
  {
    name: "thermal-trip",
    frames: 12,
    intervalMs: 20_000,
    knownFault:
      "all fans stop at frame 3, the processor warms by 7 °C every twenty seconds up to its critical limit",
    hasBmc: false,
    createCollector: ({ source, sink }) => createThermalCollector(source, sink, real),
    faults: [
      changeFiles("stopped fans", /\/fan\d+_input$/, (text, frame) => (frame < 3 ? text : "0\n")),
      changeFiles("a processor that warms without air", /\/temp\d+_input$/, (text, frame) =>
        frame < 4 ? text : `${Math.min(104_000, Number(text) + (frame - 3) * 7_000)}\n`,
      ),
    ],
  },
  {
    name: "filesystem-readonly",
    frames: 12,
    intervalMs: minuteMs,
    knownFault: "the kernel remounts /srv/data/1 read-only at frame 5 after errors of its disk",
    hasBmc: true,
    createCollector: ({ source, sink }) => createReadonlyCollector(source, sink),
    faults: [
      changeFiles("the options of a remount after errors", /\/mountinfo$/, (text, frame) =>
        frame < 5 ? text : text.replace(/( \/srv\/data\/1 )rw,(.* - xfs \S+ )rw/, "$1ro,$2ro"),
      ),
    ],
  },
];

function dyingAnswer(said: { readonly exitCode: number; readonly stdout: string }, frame: number) {
  if (frame < 4) return said;
  const answer = JSON.parse(said.stdout) as {
    smart_status: { passed: boolean };
    smartctl: { exit_status: number };
    ata_smart_attributes: { table: { id: number; raw: { value: number; string: string } }[] };
  };
  const counts = new Map([
    [5, Math.max(0, frame - 9) ** 2 * 8],
    [187, Math.max(0, frame - 7) * 2],
    [197, (frame - 3) * 8],
    [198, Math.max(0, frame - 11) * 4],
  ]);
  for (const row of answer.ata_smart_attributes.table) {
    const count = counts.get(row.id);
    if (count !== undefined) row.raw = { value: count, string: String(count) };
  }
  const hasFailed = frame >= 20;
  answer.smart_status.passed = !hasFailed;
  // Bit 3: the disk says that it fails.
  answer.smartctl.exit_status = hasFailed ? 8 : 0;
  return { exitCode: hasFailed ? 8 : 0, stdout: `${JSON.stringify(answer)}\n` };
}

function withoutSupply(stdout: string): string {
  return stdout
    .replace(/^(PS2 Status.*\| )Presence detected$/m, "$1Presence detected, Power Supply AC lost")
    .replace(/^(PS2 Input Power.*\| )\d+ Watts$/m, "$10 Watts")
    .replace(
      /^(PS1 Input Power.*\| )(\d+) Watts$/m,
      (_, head: string, watts: string) => `${head}${Number(watts) * 2} Watts`,
    )
    .replace(/^(PS Redundancy.*\| )Fully Redundant$/m, "$1Redundancy Lost");
}
