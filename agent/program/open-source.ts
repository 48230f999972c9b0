import { accessSync, constants, existsSync } from "node:fs";
import { openLiveSource } from "#agent/hardware/live.ts";
import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { createLookerClient } from "#agent/looker/looker-client.ts";
import { createLookingSource, type LookingSource } from "#agent/looker/looking-source.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";

/** What this process can see of the machine, with its own rights or with the looker's. */
export interface OpenedSource {
  readonly source: HardwareSource;
  /** There is a looker, and this user may not ask it. */
  readonly isLookerClosed: boolean;
  /** Asks for what the first look needs beforehand; never rejects. */
  readonly prepare: () => Promise<void>;
}

export interface SourceParts {
  readonly root: string;
  readonly clock: Clock;
  /**
   * `always`: the service, whose looker may come later than itself. `where-it-is`: a person's look,
   * which on a host without one runs the tools itself and hears from them what is missing.
   */
  readonly asksLooker: "always" | "where-it-is";
  /** null: the system does not know users. */
  readonly uid: number | null;
  readonly socketPath?: string;
}

/** A looker that hangs holds nobody's first report up. */
const prepareMsMax = 3_000;

/** Where wws-looker.socket listens. */
const lookerSocket = "/run/wws-agent/looker.sock";

export function openSource(parts: SourceParts): OpenedSource {
  const { root, clock, asksLooker, uid, socketPath = lookerSocket } = parts;
  const live = openLiveSource({ root });
  // Root sees everything itself; another root than the machine's is nobody's secret.
  const hasOwnRights = uid === 0 || root !== "/";
  const isThere = !hasOwnRights && existsSync(socketPath);
  const mayAsk = isThere && isWritable(socketPath);
  const looking =
    !hasOwnRights && (asksLooker === "always" || mayAsk)
      ? createLookingSource(live, createLookerClient(socketPath, clock))
      : null;
  return {
    source: looking ?? live,
    isLookerClosed: isThere && !mayAsk,
    prepare: () => prepareWithin(looking, clock),
  };
}

/** Whoever may write to a socket may connect to it. */
function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
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
