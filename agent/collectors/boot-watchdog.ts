import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByRead } from "./absences.ts";
import { parseInteger } from "./text.ts";

/**
 * Why the machine last started, by its watchdogs: WDIOF_* bits (linux/watchdog.h), those of several
 * together; 0x20 is a reset by the watchdog. Source: /sys/class/watchdog/watchdogN/bootstatus, a
 * decimal number. null: none tells, and an absence says why.
 */
export function readWatchdogs(source: HardwareSource): {
  readonly status: number | null;
  readonly absences: readonly Absence[];
} {
  const listed = source.listDirectory(folder);
  const names = listed.ok ? listed.value.filter((name) => /^watchdog\d{1,3}$/.test(name)) : [];
  if (names.length === 0) {
    const detail = `${folder}: no watchdog; modprobe iTCO_wdt, sp5100_tco or ipmi_watchdog`;
    return { status: null, absences: [absent({ what, reason: "no-kernel-interface", detail })] };
  }
  let status: number | null = null;
  const absences: Absence[] = [];
  for (const name of names.slice(0, watchdogsMax)) {
    const path = `${folder}/${name}/bootstatus`;
    const read = source.readText(path);
    if (!read.ok) {
      absences.push(
        absentByRead(what, read.problem, "the kernel is built without WATCHDOG_SYSFS", {
          "hw.id": name,
        }),
      );
      continue;
    }
    const bits = parseInteger(read.value);
    if (bits === null || bits < 0 || bits > bitsMax) {
      const detail = `${path}: ${JSON.stringify(read.value.slice(0, 40))} is no set of bits`;
      const attributes = { "hw.id": name };
      absences.push(absent({ what, attributes, reason: "unreadable-text", detail }));
    } else status = (status ?? 0) | bits;
  }
  return { status, absences };
}

const what = "boot.watchdog";
const folder = "/sys/class/watchdog";
const watchdogsMax = 8;
/** The interface has sixteen bits; more is no status. */
const bitsMax = 0xffff;
