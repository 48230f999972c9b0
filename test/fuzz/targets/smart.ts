import { parseNvmeSmartLog } from "#agent/collectors/nvme-smart-log.ts";
import { parseSmartctl } from "#agent/collectors/smartctl.ts";
import { parseSmartctlScan } from "#agent/collectors/smartctl-scan.ts";
import { parseSmartctlText } from "#agent/collectors/smartctl-text.ts";
import { driveTexts } from "#test/support/drive-texts.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

export const targets: readonly FuzzTarget[] = [
  {
    name: "parseSmartctl",
    samples: () => Object.values(driveTexts.smartctl),
    recordings: /^smart\/(?!text\/|scan\/scan-).*\.json$/,
    parse: (input) => parseSmartctl(input),
  },
  {
    name: "parseSmartctlScan",
    samples: () => [driveTexts.scan],
    recordings: /^smart\/scan\/scan-.*\.json$/,
    parse: (input) => parseSmartctlScan(input),
  },
  {
    name: "parseSmartctlText",
    samples: () => [driveTexts.text],
    recordings: /^smart\/text\//,
    parse: (input) => parseSmartctlText(input),
  },
  {
    name: "parseNvmeSmartLog",
    samples: () => driveTexts.nvmeLogs,
    recordings: null,
    parse: (input) => parseNvmeSmartLog(input),
  },
];
