import { createCollectors } from "#agent/collectors/create-collectors.ts";
import type { BootBefore } from "#agent/collectors/boot.ts";
import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import type { AgentConfig } from "#agent/config/agent-config.ts";
import { openLiveSource } from "#agent/hardware/live.ts";
import { createLookerClient } from "#agent/looker/looker-client.ts";
import { createLookingSource, type LookingSource } from "#agent/looker/looking-source.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type BootId, newUuidV7, parseUuid } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { bootBeforeOf } from "./boot-before.ts";
import type { StatusRecord } from "./status-file.ts";

/** The machine that this process looks at. */
export interface Machine {
  readonly bootId: BootId;
  /** How the agent of the boot before ended, by the status that the last run left. */
  readonly bootBefore: BootBefore | null;
  readonly createCollectors: (sink: SampleSink) => readonly Collector[];
  /** Asks for what the first look needs beforehand; never rejects. */
  readonly prepare: () => Promise<void>;
}

/** A looker that hangs holds nobody's first report up. */
const prepareMsMax = 3_000;

/** Where wws-looker.socket listens. */
const lookerSocket = "/run/wws-agent/looker.sock";

export function openMachine(
  config: AgentConfig,
  effects: { readonly clock: Clock; readonly random: Random; readonly log: Log },
  /** What the last run left. */
  lastStatus: StatusRecord | null = null,
): Machine {
  const { clock, random, log } = effects;
  const live = openLiveSource({ root: config.root });
  // Root sees everything itself; another root than the machine's is nobody's secret.
  const hasOwnRights = process.getuid?.() === 0 || config.root !== "/";
  const looking = hasOwnRights
    ? null
    : createLookingSource(live, createLookerClient(lookerSocket, clock));
  const source = looking ?? live;
  const text = source.readText("/proc/sys/kernel/random/boot_id");
  const parsed = text.ok ? parseUuid<BootId>(text.value.trim()) : null;
  // A fake root may have none; then each run counts as a boot of its own.
  const bootId = parsed?.ok ? parsed.value : newUuidV7<BootId>(clock.nowUnixMs(), random);
  const bootBefore = bootBeforeOf(lastStatus, bootId);
  return {
    bootId,
    bootBefore,
    prepare: () => prepareWithin(looking, clock),
    createCollectors: (sink) =>
      createCollectors({
        source,
        sink,
        clock,
        random,
        bootBefore,
        log: log.child({ component: "collectors" }),
      }),
  };
}

function prepareWithin(looking: LookingSource | null, clock: Clock): Promise<void> {
  if (looking === null) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(prepareMsMax, resolve);
    void looking.prepare().then(() => {
      cancel();
      resolve();
    });
  });
}
