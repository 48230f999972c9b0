import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  dmidecodeText,
  ipmiPowerText,
  ipmiSensorRows,
  ipmiStateRows,
  nvmeSmartLog,
  smartctlHealth,
  smartctlScan,
} from "./stub-texts.ts";

/**
 * smartctl, ipmitool, nvme and dmidecode below a fake root, so that collectors which start programs
 * do so at their real cadence. Each is a shell script that prints with the shell's own means: starting
 * it and reading its answer is what the agent pays on a real host, while what the tool itself does
 * there (waiting for a BMC, asking a drive) is not here.
 */
export function writeStubTools(root: string): void {
  const folder = join(root, "usr/sbin");
  mkdirSync(folder, { recursive: true });
  for (const [name, answers] of Object.entries(stubTools())) {
    writeFileSync(join(folder, name), scriptOf(answers), { mode: 0o755 });
  }
  // By this an agent knows that there is a BMC to ask.
  mkdirSync(join(root, "sys/class/ipmi/ipmi0"), { recursive: true });
}

interface StubAnswer {
  /** A pattern of the shell over all arguments, blanks in quotes. */
  readonly when: string;
  readonly text: string;
}

function stubTools(): Readonly<Record<string, readonly StubAnswer[]>> {
  const disks = Array.from({ length: 12 }, (_, disk) => disk);
  return {
    ipmitool: [
      { when: "*'dcmi power reading'", text: ipmiPowerText },
      { when: "*'sdr elist full'", text: ipmiSensorRows },
      { when: "*'sdr elist compact'", text: ipmiStateRows },
      { when: "*'sdr elist'*", text: ipmiSensorRows + ipmiStateRows },
    ],
    smartctl: [
      { when: "*--scan*", text: smartctlScan(disks) },
      ...disks.map((disk) => ({
        when: `*/dev/nvme${disk}|*/dev/nvme${disk}n1`,
        text: smartctlHealth(disk),
      })),
    ],
    nvme: disks.map((disk) => ({ when: `*/dev/nvme${disk}*`, text: nvmeSmartLog(disk) })),
    dmidecode: [{ when: "*", text: dmidecodeText }],
  };
}

/** What it does not know it refuses, as the real ones do. */
function scriptOf(answers: readonly StubAnswer[]): string {
  const cases = answers.map(({ when, text }) => `${when}) printf '%s' '${text}' ;;`);
  return [
    "#!/bin/sh",
    'case "$*" in',
    ...cases,
    '*) echo "$0: not among the answers of this stub: $*" >&2; exit 1 ;;',
    "esac",
    "",
  ].join("\n");
}
