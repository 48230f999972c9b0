import type { HardwareSource, LookingTool } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { absent, absentByTool } from "./absences.ts";
import type { RaidController, RaidDisk, RaidFacts } from "./raid-facts.ts";
import { parseSasIrcu } from "./raid-sas-ircu.ts";
import { parseSsacli } from "./raid-ssacli.ts";
import { parseStorcli } from "./raid-storcli.ts";
import { trimSysfs } from "./text.ts";

export interface AskedControllers {
  readonly controllers: readonly ToldController[];
  readonly absences: readonly Absence[];
}

export interface ToldController {
  /** storcli64:0, sas3ircu:1: unique among the tools of a host. */
  readonly key: string;
  readonly facts: RaidController;
}

export const raidWhat = "wws.raid.degraded";

/**
 * Asks the RAID tools that are installed, one after the other. A controller that two tools know is
 * taken from the first. `installed` is what was there; a driver without its tool is an absence.
 */
export async function askRaidTools(source: HardwareSource): Promise<AskedControllers> {
  const told: ToldController[] = [];
  const absences: Absence[] = [];
  const installed = new Set<LookingTool>();
  const known = new Set<string>();
  const take = (tool: LookingTool, facts: RaidFacts): void => {
    for (const controller of facts.controllers) {
      const place = controller.pciAddress ?? controller.serial;
      if (place !== null && known.has(place)) continue;
      if (place !== null) known.add(place);
      told.push({ key: `${tool}:${controller.id}`, facts: controller });
    }
  };
  const run = async (tool: LookingTool, args: readonly string[]): Promise<string | null> => {
    const answer = await source.runTool({ tool, args, timeoutMs: raidTimeoutMs });
    if (answer.ok) {
      installed.add(tool);
      return answer.value.stdout;
    }
    if (answer.problem.kind !== "missing") {
      installed.add(tool);
      absences.push(absentByTool(raidWhat, answer.problem, tool));
    }
    return null;
  };
  const parse = (tool: LookingTool, parsed: Result<RaidFacts, string>): RaidFacts | null => {
    if (parsed.ok) return parsed.value;
    if (!/no controller|not detected|no such/i.test(parsed.problem))
      absences.push(
        absent({ what: raidWhat, reason: "unreadable-text", detail: `${tool}: ${parsed.problem}` }),
      );
    return null;
  };

  // Without nolog they write storcli.log where they are started, and it grows with each question.
  for (const tool of ["storcli64", "perccli64"] as const) {
    const text = await run(tool, ["/call", "show", "all", "J", "nolog"]);
    const facts = text === null ? null : parse(tool, parseStorcli(text));
    if (facts === null || facts.controllers.length === 0) continue;
    const more = await run(tool, ["/call/eall/sall", "show", "all", "J", "nolog"]);
    const details = more === null ? null : parse(tool, parseStorcli(more));
    take(tool, withDetails(facts, details));
  }
  for (const tool of ["sas2ircu", "sas3ircu"] as const) {
    const list = await run(tool, ["LIST"]);
    for (const id of list === null ? [] : parseIrcuList(list)) {
      const text = await run(tool, [id, "DISPLAY"]);
      const facts = text === null ? null : parse(tool, parseSasIrcu(text, id));
      if (facts !== null) take(tool, facts);
    }
  }
  const text = await run("ssacli", ["ctrl", "all", "show", "config", "detail"]);
  const facts = text === null ? null : parse("ssacli", parseSsacli(text));
  if (facts !== null) take("ssacli", facts);
  return { controllers: told, absences: [...absences, ...toolsThatAreMissing(source, installed)] };
}

/** `   0     SAS2008     1000h    72h   00h:05h:00h:00h      1028h   1f1eh` */
export function parseIrcuList(text: string): readonly string[] {
  return text
    .split(/\r?\n/, 1_000)
    .flatMap((line) => /^\s{0,8}(\d{1,2})\s+SAS\w{1,20}\s/.exec(line)?.[1] ?? [])
    .slice(0, ircuControllersMax);
}

/** What the question for each drive adds to the question for the controller. */
function withDetails(facts: RaidFacts, details: RaidFacts | null): RaidFacts {
  if (details === null) return facts;
  const find = (id: string, slot: string): RaidDisk | undefined =>
    details.controllers.find((other) => other.id === id)?.disks.find((disk) => disk.slot === slot);
  const controllers = facts.controllers.map((controller) => ({
    ...controller,
    disks: controller.disks.map((disk) => find(controller.id, disk.slot) ?? disk),
  }));
  return { ...facts, controllers };
}

/** A RAID controller is there, and nobody to ask it. */
function toolsThatAreMissing(
  source: HardwareSource,
  installed: ReadonlySet<LookingTool>,
): readonly Absence[] {
  return drivers.flatMap(({ driver, tools, mend, isPlainAdapter }) => {
    if (tools.some((tool) => installed.has(tool))) return [];
    if (isPlainAdapter === true && !hasVolumes(source)) return [];
    const listed = source.listDirectory(`/sys/bus/pci/drivers/${driver}`);
    const devices = listed.ok ? listed.value.filter((name) => /^[0-9a-f]{4}:/.test(name)) : [];
    if (devices.length === 0) return [];
    const detail = `${driver} drives ${devices.slice(0, 4).join(" ")}; ${mend}`;
    return [absent({ what: raidWhat, reason: "tool-missing", detail })];
  });
}

/** A volume of a controller calls itself so where a drive has its model. */
function hasVolumes(source: HardwareSource): boolean {
  const listed = source.listDirectory("/sys/block");
  const blocks = listed.ok ? listed.value.filter((name) => /^sd[a-z]+$/.test(name)) : [];
  return blocks.slice(0, blocksMax).some((block) => {
    const model = source.readText(`/sys/block/${block}/device/model`);
    return model.ok && /^(?:logical volume|virtual disk)/i.test(trimSysfs(model.value));
  });
}

const drivers: readonly {
  readonly driver: string;
  readonly tools: readonly LookingTool[];
  readonly mend: string;
  /** Mostly it only passes drives on; only with a volume of its own it is worth a word. */
  readonly isPlainAdapter?: boolean;
}[] = [
  {
    driver: "megaraid_sas",
    tools: ["storcli64", "perccli64"],
    mend: "Debian has no package of its tool: install storcli64 (Broadcom) or perccli64 (Dell)",
  },
  {
    driver: "mpt3sas",
    tools: ["storcli64", "sas2ircu", "sas3ircu"],
    isPlainAdapter: true,
    mend: "Debian has no package of its tool: install sas3ircu, sas2ircu or storcli64 (Broadcom)",
  },
  ...["hpsa", "smartpqi"].map((driver) => ({
    driver,
    tools: ["ssacli"] as const,
    mend: "Debian has no package of its tool: install ssacli (HPE)",
  })),
];

/** A controller that is busy rebuilding takes its time. */
const raidTimeoutMs = 30_000;
const ircuControllersMax = 16;
const blocksMax = 1_024;
