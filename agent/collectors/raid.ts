import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { absent, absentByRead, absentByTool, problemOf } from "./absences.ts";
import type { Collector, Discovery, SampleSink } from "./collector.ts";
import { judgeMdArray, type MdArray, parseMdstat } from "./mdraid.ts";
import { MirrorWatch, mirrorsMs } from "./mirror-watch.ts";
import { parseMultipath } from "./multipath.ts";
import { controllerId, raidComponent, setArraySeries, setControllerSeries } from "./raid-series.ts";
import { askRaidTools, raidWhat, type ToldController } from "./raid-tools.ts";
import { trimSysfs } from "./text.ts";
import { unlookedParts } from "./unlooked-parts.ts";

export interface RaidCollectorParts {
  readonly source: HardwareSource;
  readonly sink: SampleSink;
  readonly clock: Pick<Clock, "nowMonotonicMs">;
  /** Whether SMART tells of the drive with this serial; default: it tells of none. */
  readonly isTold?: (serial: string) => boolean;
  /** Of who looks once: a look ends when the tools have told, and what they say is of that look. */
  readonly waitsForTools?: boolean;
}

export const raidLookMs = 10_000;
/** Tools of RAID controllers. */
export const raidToolsMs = 300_000;
export const multipathMs = 60_000;

/**
 * Whether what is stored is stored twice: the kernel's own RAID (/proc/mdstat, at every look), RAID
 * controllers (their tools, every five minutes), mirrored logical volumes (lvs) and multipath. Tools
 * run one after the other and are not waited for: one that hangs costs the kernel's RAID nothing.
 * What they say is set at the look after it came.
 */
export function createRaidCollector(parts: RaidCollectorParts): Collector {
  const { source, sink, clock } = parts;
  const isTold = parts.isTold ?? (() => false);
  const due = { tools: 0, multipath: 0 };
  const mirrors = new MirrorWatch(source, raidWhat);
  /** By source: what it could not tell. */
  const absences = new Map<string, readonly Absence[]>();
  let controllers: readonly ToldController[] = [];
  /** Why a controller that is there may be missing among them; null: all were asked and told. */
  let untold: Pick<Absence, "reason" | "detail"> | null = notAskedYet;
  let waiting: (() => void)[] = [];
  let isAsking = false;
  let asking: Promise<void> = Promise.resolve();
  let revision = 0;
  let mapped: MappedDevices = { hasMultipath: false, legs: [] };

  const askTools = async (): Promise<void> => {
    const asked = await askRaidTools(source);
    absences.set("tools", [...asked.absences, ...asked.controllers.flatMap(withoutBattery)]);
    controllers = asked.controllers;
    untold = asked.absences.find(({ reason }) => reason !== "tool-missing") ?? null;
    waiting.push(() => {
      for (const told of asked.controllers)
        setControllerSeries(told, { sink, cadenceMs: raidToolsMs, isTold });
    });
  };

  const lookAtMirrors = async (at: number): Promise<void> => {
    const look = await mirrors.look(at, raidLookMs, mapped.legs);
    if (look === null) return;
    absences.set("lvm", look.absences);
    if (look.isNew) revision += 1;
    waiting.push(() => {
      for (const { id, name, isDegraded, syncDone } of look.volumes ?? []) {
        const running = syncDone === 1 ? null : syncDone;
        const array = { id, name, parent: null, isDegraded, members: null, syncDone: running };
        setArraySeries(sink, array, mirrorsMs);
      }
    });
  };

  const askMultipath = async (): Promise<void> => {
    const request = { tool: "multipath", args: ["-l"], timeoutMs: toolTimeoutMs } as const;
    const answer = await source.runTool(request);
    const what = "wws.multipath.paths";
    absences.set(
      "multipath",
      answer.ok ? [] : [absentByTool(what, answer.problem, "multipath-tools")],
    );
    if (!answer.ok) return;
    const disks = parseMultipath(answer.value.stdout);
    waiting.push(() => {
      for (const { id, name, active, failed } of disks)
        for (const [state, count] of Object.entries({ active, failed })) {
          const attributes = { "hw.id": id, "hw.name": name, "wws.path.state": state };
          const request = {
            metric: what,
            attributes,
            exponent: 0,
            cadenceMs: multipathMs,
          } as const;
          sink.set(sink.declare(request), count);
        }
    });
  };

  const askWhatIsDue = async (at: number): Promise<void> => {
    if (at >= due.tools) {
      due.tools = at + raidToolsMs;
      await askOne(askTools);
    }
    if (mapped.legs.length > 0) await lookAtMirrors(at);
    if (mapped.hasMultipath && at >= due.multipath) {
      due.multipath = at + multipathMs;
      await askOne(askMultipath);
    }
  };

  /** Only where something was asked is there anything new in the view. */
  const askOne = (ask: () => Promise<void>): Promise<void> =>
    ask().finally(() => {
      revision += 1;
    });

  const setTold = (): void => {
    const told = waiting;
    waiting = [];
    for (const set of told) set();
  };

  const view: Discovery = {
    get revision() {
      return revision;
    },
    get absences() {
      const unlooked = untold === null ? [] : unlookedParts(["controller"], untold);
      return [...[...absences.values()].flat().slice(0, absencesMax), ...unlooked];
    },
    get identity() {
      return { components: controllers.map(raidComponent) };
    },
  };

  return {
    subject: "raid",
    cadenceMs: raidLookMs,
    discover() {
      mapped = findMappedDevices(source);
      return view;
    },
    collect() {
      setTold();
      const trouble = setKernelArrays(source, sink);
      const at = clock.nowMonotonicMs();
      if (!isAsking) {
        isAsking = true;
        asking = askWhatIsDue(at)
          .catch((error: unknown) => {
            const detail = error instanceof Error ? error.message : String(error);
            absences.set("failure", [absent({ what: raidWhat, reason: "tool-failed", detail })]);
            revision += 1;
          })
          .finally(() => {
            isAsking = false;
          });
      }
      const problem = problemOf(trouble);
      if (parts.waitsForTools !== true) return problem;
      return asking.then(() => {
        setTold();
        return problem;
      });
    },
    close: () => {},
  };
}

/** No mdstat is no md: the module is loaded with the first array. */
function setKernelArrays(source: HardwareSource, sink: SampleSink): readonly Absence[] {
  const read = source.readText("/proc/mdstat");
  if (!read.ok)
    return read.problem.kind === "missing"
      ? []
      : [absentByRead(raidWhat, read.problem, "mount /proc")];
  for (const array of parseMdstat(read.value)) {
    const { isDegraded, ...members } = judgeMdArray(array);
    const syncDone = array.sync?.done ?? null;
    const series = {
      id: mdId(source, array),
      name: array.name,
      parent: null,
      isDegraded,
      members,
      syncDone,
    };
    setArraySeries(sink, series, raidLookMs);
  }
  return [];
}

/** md numbers may change over a boot; the array's UUID does not. Kernels before 6.2 hide it. */
function mdId(source: HardwareSource, { name }: MdArray): string {
  const read = source.readText(`/sys/block/${name}/md/uuid`);
  const uuid = read.ok ? trimSysfs(read.value) : "";
  return /^[0-9a-f:-]{8,64}$/i.test(uuid) ? uuid : name;
}

interface MappedDevices {
  readonly hasMultipath: boolean;
  /** What mirrored logical volumes are made of. */
  readonly legs: readonly string[];
}

/** What the device mapper keeps, so that tools are asked only where there is something to tell. */
function findMappedDevices(source: HardwareSource): MappedDevices {
  const listed = source.listDirectory("/sys/block");
  const names = listed.ok ? listed.value.filter((name) => /^dm-\d+$/.test(name)) : [];
  let hasMultipath = false;
  const legs: string[] = [];
  for (const name of names.slice(0, mappedMax)) {
    const uuid = source.readText(`/sys/block/${name}/dm/uuid`);
    if (!uuid.ok) continue;
    if (uuid.value.startsWith("mpath-")) hasMultipath = true;
    if (!uuid.value.startsWith("LVM-")) continue;
    const label = source.readText(`/sys/block/${name}/dm/name`);
    if (label.ok && /_[rm]image_\d/.test(label.value)) legs.push(name);
  }
  return { hasMultipath, legs };
}

function withoutBattery(told: ToldController): readonly Absence[] {
  const { battery, model } = told.facts;
  if (battery === "ok" || battery === "failed") return [];
  return [
    absent({
      what: "wws.raid.battery.ok",
      attributes: { "hw.id": controllerId(told) },
      reason: battery === "absent" ? "no-such-hardware" : "not-supported",
      detail: `${model ?? told.key}: ${battery === "absent" ? "no battery or capacitor fitted" : "its tool does not speak of a battery"}`,
    }),
  ];
}

const notAskedYet = {
  reason: "not-yet-collected",
  detail: "the tools of RAID controllers were not asked yet",
} as const;
const toolTimeoutMs = 20_000;
const mappedMax = 4_096;
const absencesMax = 256;
