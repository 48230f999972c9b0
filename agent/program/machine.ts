import { createCollectors } from "#agent/collectors/create-collectors.ts";
import type { BootBefore } from "#agent/collectors/boot.ts";
import type { Collector, SampleSink } from "#agent/collectors/collector.ts";
import type { AgentConfig } from "#agent/config/agent-config.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type BootId, newUuidV7, parseUuid } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { bootBeforeOf } from "./boot-before.ts";
import { openSource } from "./open-source.ts";
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

export function openMachine(
  config: AgentConfig,
  effects: { readonly clock: Clock; readonly random: Random; readonly log: Log },
  /** What the last run left. */
  lastStatus: StatusRecord | null = null,
): Machine {
  const { clock, random, log } = effects;
  const { source, prepare } = openSource({
    root: config.root,
    clock,
    asksLooker: "always",
    uid: process.getuid?.() ?? null,
  });
  const text = source.readText("/proc/sys/kernel/random/boot_id");
  const parsed = text.ok ? parseUuid<BootId>(text.value.trim()) : null;
  // A fake root may have none; then each run counts as a boot of its own.
  const bootId = parsed?.ok ? parsed.value : newUuidV7<BootId>(clock.nowUnixMs(), random);
  const bootBefore = bootBeforeOf(lastStatus, bootId);
  return {
    bootId,
    bootBefore,
    prepare,
    createCollectors: (sink) =>
      createCollectors({
        source,
        sink,
        clock,
        random,
        bootBefore,
        cpuTime: config.cpuTime,
        log: log.child({ component: "collectors" }),
      }),
  };
}
