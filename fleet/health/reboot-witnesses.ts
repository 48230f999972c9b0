import type { SelEntry } from "#proto/messages/state.ts";
import type { RebootCause, RebootFacts } from "./reboot-facts.ts";

/** One thing that speaks for a cause. 3: it saw it; 2: it fits and little else does; 1: a hint. */
export interface Testimony {
  readonly cause: Exclude<RebootCause, "unknown">;
  readonly weight: 1 | 2 | 3;
  readonly words: string;
}

/** Everything that speaks for any cause, in the order in which it was looked at. */
export function hearWitnesses(facts: RebootFacts): readonly Testimony[] {
  return [
    ...hearPstore(facts),
    ...hearSel(facts),
    ...hearWatchdog(facts),
    ...hearAgent(facts),
    ...hearSamples(facts),
    ...hearNeighbours(facts),
  ];
}

/** What a record of pstore says, most telling first; a machine check in it is what made it die. */
const pstoreForms: readonly Form[] = [
  {
    form: /machine check|hardware error|\bmce\b|uncorrected hardware|fatal.*(pcie|aer)/i,
    cause: "hardware-error",
    weight: 3,
  },
  { form: /critical temperature|thermal.*shut/i, cause: "thermal-trip", weight: 3 },
  {
    form: /panic|\boops\b|\bbug\b|unable to handle|protection fault|lockup|no killable|trigger a crash/i,
    cause: "kernel-panic",
    weight: 3,
  },
  { form: /stall|blocked for more than/i, cause: "kernel-panic", weight: 2 },
  { form: /(restart|shutdown|poweroff|halt)#\d/i, cause: "clean-reboot", weight: 2 },
  { form: /\S/, cause: "kernel-panic", weight: 1 },
];

/**
 * The dying kernel's own words. Records stay where they are until somebody takes them away: those of
 * an earlier end do not count, and those whose name has no time (ERST, ramoops) may be of one.
 */
function* hearPstore(facts: RebootFacts): Generator<Testimony> {
  for (const record of facts.boot?.pstore ?? []) {
    const match = pstoreForms.find(({ form }) => form.test(record));
    const atMs = timeOfRecord(record);
    if (match === undefined || isOfEarlierEnd(facts, atMs)) continue;
    const { cause, weight } = match;
    if (atMs !== null) yield { cause, weight, words: `the kernel left in pstore: ${clip(record)}` };
    else
      yield {
        cause,
        weight: weight === 3 ? 2 : 1,
        words: `the kernel left in pstore, at a time that the record does not tell: ${clip(record)}`,
      };
  }
}

/** EFI's records carry the time of the crash in their name, in seconds. */
function timeOfRecord(record: string): number | null {
  const digits = /^\S*?(?:efi(?:_pstore)?-|^)(1\d{9})\d*\S*:/.exec(record)?.[1];
  return digits === undefined ? null : Number(digits) * 1_000;
}

/** Long before the last sign of life of the boot before: by then that was over. */
function isOfEarlierEnd({ boot, last }: RebootFacts, atMs: number | null): boolean {
  const aliveMs = boot?.agentLastMs ?? last?.observedMs ?? null;
  return atMs !== null && aliveMs !== null && atMs < aliveMs - endSlackMs;
}

const endSlackMs = 10 * 60_000;

interface Form {
  readonly form: RegExp;
  readonly cause: Testimony["cause"];
  readonly weight: Testimony["weight"];
}

/** Forms of the BMC's event log, most telling first: the first that fits an entry counts. */
const selForms: readonly Form[] = [
  { form: /thermal trip|thermtrip/, cause: "thermal-trip", weight: 3 },
  { form: /(upper|lower) non-?recoverable/, cause: "thermal-trip", weight: 2 },
  {
    form: /\bierr\b|caterr|machine check|uncorrectable (ecc|machine)|bus fatal|fatal (error|nmi)|uncorrectable error/,
    cause: "hardware-error",
    weight: 3,
  },
  {
    form: /os (critical )?stop|run-?time (critical )?stop|os graceful stop.*panic|kernel panic/,
    cause: "kernel-panic",
    weight: 3,
  },
  {
    form: /watchdog.*(hard reset|power (down|cycle|off)|reboot)|watchdog.*(expired|reset)/,
    cause: "watchdog",
    weight: 3,
  },
  {
    form: /ac lost|power input lost|input.*out of range|240va|power unit.*(failure|soft-?power control)/,
    cause: "power-lost",
    weight: 3,
  },
  {
    form: /(chassis control|remote|ipmi|bmc|user|command).*(power cycle|power off|power down|reset|power on)|(power cycle|power off|reset).*(chassis control|remote|ipmi|command)/,
    cause: "operator-power-cycle",
    weight: 3,
  },
  {
    form: /power button|reset button|pushbutton|sleep button/,
    cause: "operator-power-cycle",
    weight: 3,
  },
  { form: /power cycle/, cause: "operator-power-cycle", weight: 2 },
  {
    form: /bios (reset|update)|firmware (error|reset|update|hang)|initiated by (warm|hard) reset|system (firmware )?hang/,
    cause: "firmware-reset",
    weight: 2,
  },
];

function* hearSel(facts: RebootFacts): Generator<Testimony> {
  for (const entry of facts.boot?.sel ?? []) {
    if (!entry.asserted) continue;
    const text = `${entry.sensor} ${entry.event}`.toLowerCase();
    const match = selForms.find(({ form }) => form.test(text));
    if (match === undefined) continue;
    const { cause, weight } = match;
    // The same words of a fan or a voltage are another story.
    if (cause === "thermal-trip" && /fan|volt|\bv\d|vcore|current|power meter/.test(text)) continue;
    // A host that went on for long after it did not end by it.
    const isEarlier = isOfEarlierEnd(facts, entry.atMs);
    const known = entry.atMs === null && weight === 3 ? 2 : weight;
    yield { cause, weight: isEarlier ? 1 : known, words: selWords(entry) };
  }
}

function selWords({ id, atMs, sensor, event }: SelEntry): string {
  const clock = atMs === null ? ", at a time that the BMC's clock did not know" : "";
  return `the BMC's event log, entry ${id}${clock}: ${clip(`${sensor}: ${event}`)}`;
}

/** Bits of a watchdog's boot status: linux/watchdog.h, WDIOF_*. */
const watchdogBits: readonly (readonly [number, Testimony["cause"], string])[] = [
  [0x20, "watchdog", "the watchdog says that it reset the machine"],
  [0x01, "thermal-trip", "the watchdog says that the processor was too hot"],
  [0x02, "thermal-trip", "the watchdog says that a fan had failed"],
  [0x10, "power-lost", "the watchdog says that the power was too low"],
  [0x40, "power-lost", "the watchdog says that the power was too high"],
];

function* hearWatchdog({ boot }: RebootFacts): Generator<Testimony> {
  const status = boot?.watchdogStatus ?? 0;
  if (!Number.isInteger(status) || status <= 0 || status > 0xffff) return;
  for (const [bit, cause, words] of watchdogBits)
    if ((status & bit) !== 0)
      yield {
        cause,
        weight: bit === 0x20 ? 3 : 2,
        words: `${words} (boot status 0x${status.toString(16)})`,
      };
}

function* hearAgent({ boot }: RebootFacts): Generator<Testimony> {
  if (boot === null) return;
  const { agentStopped, shutdown } = boot;
  const left = shutdown === null ? "" : `, and the system was left by ${clip(shutdown)}`;
  if (agentStopped === true)
    yield {
      cause: "clean-reboot",
      weight: shutdown === null ? 2 : 3,
      words: `the agent was told to stop before${left}`,
    };
  else if (shutdown !== null)
    yield {
      cause: "clean-reboot",
      weight: agentStopped === null ? 3 : 2,
      words: `the system was left by ${clip(shutdown)}`,
    };
}

function* hearSamples({ last }: RebootFacts): Generator<Testimony> {
  if (last === null) return;
  const margin = last.thermalMargin;
  if (margin !== null && margin.celsius <= 5)
    yield {
      cause: "thermal-trip",
      weight: margin.celsius <= 0 ? 2 : 1,
      words: `the last samples before show ${margin.part} ${round(margin.celsius)} °C from its critical limit`,
    };
  if (last.suppliesDown.length > 0)
    yield {
      cause: "power-lost",
      weight: 1,
      words: `the last samples before show a power supply down: ${last.suppliesDown.slice(0, 4).join(", ")}`,
    };
  if (last.uncorrectedErrors > 0)
    yield {
      cause: "hardware-error",
      weight: 1,
      words: `the last samples before count ${last.uncorrectedErrors} uncorrected errors`,
    };
  if (last.memoryPressure !== null && last.memoryPressure >= 0.5)
    yield {
      cause: "kernel-panic",
      weight: 1,
      words: `in the last samples before all tasks waited for memory ${Math.round(last.memoryPressure * 100)} % of the time`,
    };
}

/** One that falls alone lost nothing but itself; a rack that falls at once lost its feed. */
function* hearNeighbours({ neighbours }: RebootFacts): Generator<Testimony> {
  const { rack, site } = neighbours;
  if (rack !== null && rack.lost >= 1 && rack.lost * 2 >= rack.of)
    yield {
      cause: "power-lost",
      weight: rack.lost >= 2 ? 2 : 1,
      words: `${rack.lost} of ${rack.of} other hosts of its rack fell silent in the same half minute`,
    };
  else if (site !== null && site.lost >= 3 && site.lost * 2 >= site.of)
    yield {
      cause: "power-lost",
      weight: 2,
      words: `${site.lost} of ${site.of} other hosts of its site fell silent in the same half minute`,
    };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function clip(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`;
}
