import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence, BootEvidence, SelEntry } from "#proto/messages/state.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { absent, absentByRead, absentByTool } from "./absences.ts";
import { readPstore } from "./boot-pstore.ts";
import { selAroundBoot } from "./boot-sel.ts";
import { readWatchdogs } from "./boot-watchdog.ts";
import { parseLast } from "./boot-wtmp.ts";
import type { Collector, Discovery } from "./collector.ts";

/** How the agent of the boot before this one ended, by what it left in its data folder. */
export interface BootBefore {
  /** Whether it was told to stop; null: it had ended by itself before. */
  readonly agentStopped: boolean | null;
  /** When it last wrote its status, by its host's clock. */
  readonly agentLastMs: UnixMs;
}

export interface BootParts {
  readonly source: HardwareSource;
  /** null: no agent ran in the boot before, or it left nothing. */
  readonly bootBefore: BootBefore | null;
  /** The BMC's event log, by the reader of the ipmi subject. */
  readonly readSelEntries: () => Promise<Result<readonly SelEntry[], Absence>>;
}

/**
 * Why did it reboot? Evidence alone: what the kernel kept (pstore), the BMC's event log around the
 * boot, the watchdog's boot status, the system's book of shutdowns, and how the agent of the boot
 * before ended. It cannot change any more, so it is gathered once; what was missing is looked for
 * again at each later discovery, a few times: drivers load late, and a BMC may be busy.
 */
export function createBootCollector(parts: BootParts): Collector {
  let found: Discovery | null = null;
  let looks = 0;
  return {
    subject: "boot",
    cadenceMs: 60_000,
    async discover() {
      if (found !== null && (found.absences.length === 0 || looks >= looksMax)) return found;
      looks += 1;
      const next = await gather(parts, found?.boot ?? null);
      found = next;
      return next;
    },
    collect: () => null,
    close: () => {},
  };
}

async function gather(
  { source, bootBefore, readSelEntries }: BootParts,
  known: BootEvidence | null,
): Promise<Discovery> {
  const booted = readBootTime(source);
  if (typeof booted !== "number" && known === null) return { absences: [booted] };
  // The kernel counts it back from the wall clock: a step of that must not move the boot.
  const bootedMs = known?.bootedMs ?? (booted as UnixMs);
  const pstore = readPstore(source, bootedMs);
  const watchdogs = readWatchdogs(source);
  const left = await readShutdown(source);
  const sel = await readSelEntries();
  const absences = [...pstore.absences, ...watchdogs.absences, ...left.absences];
  if (!sel.ok) absences.push({ ...sel.problem, what: "boot.sel" });
  if (bootBefore === null) absences.push(noAgentBefore());
  const boot: BootEvidence = {
    bootedMs,
    pstore: pstore.records,
    sel: sel.ok ? selAroundBoot(sel.value, bootedMs) : (known?.sel ?? []),
    watchdogStatus: watchdogs.status,
    agentStopped: bootBefore?.agentStopped ?? null,
    agentLastMs: bootBefore?.agentLastMs ?? null,
    shutdown: left.shutdown,
  };
  return { absences, boot };
}

/** `btime` of /proc/stat, whole seconds of Unix time. */
export function parseBootTime(text: string): UnixMs | null {
  const digits = /^btime (\d{1,12})\r?$/m.exec(text)?.[1];
  const seconds = Number(digits ?? Number.NaN);
  // 1 January 1970 is what a clock without a battery says: no time of a boot.
  return seconds >= plausibleSecondsMin && seconds <= plausibleSecondsMax
    ? unixMs(seconds * 1_000)
    : null;
}

function readBootTime(source: HardwareSource): UnixMs | Absence {
  const read = source.readText("/proc/stat");
  if (!read.ok) return absentByRead("boot.time", read.problem, "mount -t proc proc /proc");
  const booted = parseBootTime(read.value);
  if (booted !== null) return booted;
  return absent({
    what: "boot.time",
    reason: /^btime /m.test(read.value) ? "implausible" : "unreadable-text",
    detail: "/proc/stat: btime is no time at which a server can have started; set the clock",
  });
}

async function readShutdown(source: HardwareSource): Promise<{
  readonly shutdown: string | null;
  readonly absences: readonly Absence[];
}> {
  const what = "boot.shutdown";
  const answer = await source.runTool({ tool: "last", args: lastArgs, timeoutMs: lastMsMax });
  if (!answer.ok)
    return { shutdown: null, absences: [absentByTool(what, answer.problem, lastPackages)] };
  const { exitCode, stdout, stderr } = answer.value;
  const left = parseLast(stdout);
  if (left?.knowsBootBefore === true) return { shutdown: left.shutdown, absences: [] };
  if (left !== null || exitCode === 0) {
    const detail = "/var/log/wtmp does not go back to the boot before this one";
    const reason = "not-yet-collected";
    return {
      shutdown: left?.shutdown ?? null,
      absences: [absent({ what, reason, detail })],
    };
  }
  const said = stderr.trim().split("\n").at(-1) ?? "";
  const reason = /permission denied/i.test(said) ? "permission-denied" : "tool-failed";
  const detail = `last ended with ${exitCode}: ${said}; touch /var/log/wtmp where there is none`;
  return { shutdown: null, absences: [absent({ what, reason, detail })] };
}

function noAgentBefore(): Absence {
  return absent({
    what: "boot.agent",
    reason: "not-yet-collected",
    detail: "status.json in the agent's data folder: no agent of the boot before left one",
  });
}

/** Filtered by `last` itself: logins of a busy host would push the boots out. */
const lastArgs = ["-x", "-F", "-n", "32", "reboot", "shutdown", "runlevel"] as const;
const lastMsMax = 10_000;
/** Debian 13 took it out of util-linux. */
const lastPackages = "util-linux (Debian 12), wtmpdb (Debian 13)";
const looksMax = 5;
/** From 2000 to 2100. */
const plausibleSecondsMin = 946_684_800;
const plausibleSecondsMax = 4_102_444_800;
