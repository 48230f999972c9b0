import { parseBootTime } from "#agent/collectors/boot.ts";
import { describePstoreRecord } from "#agent/collectors/boot-pstore.ts";
import { parseLast } from "#agent/collectors/boot-wtmp.ts";
import { fixtureTexts } from "../fixture-texts.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

/** What tells how the boot before ended. */
export const targets: readonly FuzzTarget[] = [
  {
    name: "last -x -F",
    samples: () => [
      `reboot   system boot  6.1.0-13-amd64   Mon Nov 23 05:00:00 2026   still running
shutdown system down  6.1.0-13-amd64   Mon Nov 23 04:58:30 2026 - Mon Nov 23 05:00:00 2026  (00:01)
runlevel (to lvl 6)   6.1.0-13-amd64   Mon Nov 23 04:58:20 2026 - Mon Nov 23 04:58:30 2026  (00:00)
runlevel (to lvl 5)   6.1.0-13-amd64   Mon Nov 23 04:43:40 2026 - Mon Nov 23 04:58:20 2026  (00:14)
reboot   system boot  6.1.0-13-amd64   Mon Nov 23 04:43:20 2026 - Mon Nov 23 04:58:20 2026  (00:15)

wtmp begins Mon Nov 23 02:13:20 2026
`,
      "reboot   system boot  6.12.9+deb13-amd64 Mon Nov 23 05:00:00 2026 - still running\n\nwtmpdb begins Mon Nov 23 02:13:20 2026\n",
      "\nwtmp begins Tue May 20 00:00:00 2025\n",
    ],
    recordings: null,
    parse: parseLast,
  },
  {
    name: "pstore record",
    samples: () => [
      `Panic#1 Part1
<6>[ 4012.118033] systemd[1]: Started something.
<4>[ 4013.000001] mce: [Hardware Error]: Machine check events logged
<0>[ 4013.100200] Kernel panic - not syncing: Fatal exception in interrupt
<0>[ 4013.100300] Kernel Offset: 0x1c000000 from 0xffffffff81000000
`,
      "Oops#1 Part2\n<4>[1.2] RIP: 0010:x\n<1>[    9.1] BUG: kernel NULL pointer dereference, address: 0\n",
      "[   99.120000] reboot: Restarting system\n",
    ],
    recordings: null,
    parse: (text) =>
      ["dmesg-efi_pstore-1", "console-ramoops-0"].map((name) => describePstoreRecord(name, text)),
  },
  {
    name: "btime of /proc/stat",
    samples: () => [
      "cpu  1 2 3 4\nctxt 9\nbtime 1795400000\n",
      ...fixtureTexts("files/proc/stat", 2),
    ],
    recordings: /proc\/stat$/,
    parse: parseBootTime,
  },
];
