import type { LookingTool } from "#agent/hardware/hardware-source.ts";
import { type Form, fits } from "./argument-forms.ts";
import { smartctlForm, nvmeForm } from "./disk-tool-grammar.ts";
import { ipmitoolForm } from "./ipmi-grammar.ts";
import { graphicsForms } from "./graphics-grammar.ts";
import { raidForms } from "./raid-grammar.ts";
import { anyOf, inOrder, maybe, oneOf, shape, word } from "./argument-forms.ts";

// Not -dump (file), -X, and not -enable: some looks at hardware write to it.
const lshwFlags = anyOf(
  word("-json", "-quiet", "-sanitize", "-numeric", "-short", "-businfo", "-version", "-notime"),
  inOrder(word("-class", "-C", "-disable"), shape(/^[a-z-]{1,20}$/)),
);
/** Looks that read partition tables, and so wake a disk that sleeps. */
const wakingLooks = ["scsi", "ide", "usb"] as const;

function lshwForm(args: readonly string[]): number | null {
  if (!fits(lshwFlags, args)) return null;
  const isCareful = wakingLooks.every((look) =>
    args.some((arg, at) => arg === look && args[at - 1] === "-disable"),
  );
  return isCareful || fits(word("-version"), args) ? args.length : null;
}

/**
 * Which arguments the looker lets through, tool by tool: only those that read. A tool without a line
 * here is not run for anybody. Written from each tool's manual: whatever writes, resets, clears,
 * starts a test, talks to another machine, or names a file to read or write is not in it.
 */
const forms: Readonly<Partial<Record<LookingTool, Form>>> = {
  smartctl: smartctlForm,
  nvme: nvmeForm,
  ipmitool: ipmitoolForm,
  ...raidForms,
  ...graphicsForms,
  // Not --from-dump, --dump-bin (files) and --dev-mem.
  dmidecode: anyOf(
    word("-q", "--quiet", "--version", "-V"),
    inOrder(word("-t", "--type"), shape(/^[a-z0-9]{1,20}(?:,[a-z0-9]{1,20}){0,40}$/)),
    inOrder(word("-s", "--string"), shape(/^[a-z-]{1,40}$/)),
  ),
  lshw: lshwForm,
  // Not --config, --devicesfile, --select.
  lvs: anyOf(
    word(
      "-a",
      "--all",
      "--noheadings",
      "--nosuffix",
      "--nolocking",
      "--readonly",
      "--nameprefixes",
    ),
    word("--version"),
    inOrder(word("--reportformat"), word("json", "json_std", "basic")),
    inOrder(word("--units"), word("b", "B", "k", "m", "g")),
    inOrder(word("--separator"), shape(/^[|,;:]$/)),
    inOrder(word("-o", "--options"), shape(/^\+?[a-z_]{1,40}(?:,[a-z_]{1,40}){0,60}$/)),
    shape(/^--(?:reportformat=json|units=b|options=\+?[a-z_,]{1,200})$/),
  ),
  multipath: inOrder(
    anyOf(shape(/^-v[0-3]$/)),
    oneOf(word("-ll"), word("-l"), word("-h")),
    maybe(shape(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/)),
  ),
};

/** True: the tool with these arguments only looks. */
export function mayRun(tool: LookingTool, args: readonly string[]): boolean {
  const form = forms[tool];
  return form !== undefined && fits(form, args);
}

/** Tools that answer less, or nothing, without root; the others are run with the agent's own rights. */
export function needsRoot(tool: LookingTool): boolean {
  return forms[tool] !== undefined;
}
