import { createHash } from "node:crypto";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type CellId, type HostId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { Inventory } from "../inventory.ts";
import type { EstateConflict } from "../inventory-store.ts";
import { compareEstateInSlices } from "./compare-estate.ts";
import {
  changesPieces,
  countChanges,
  type EstateChanges,
  type EstateComparison,
} from "./estate-changes.ts";
import type { ReadEstateOptions } from "./estate-document.ts";
import type { EstateProblem } from "./estate-problem.ts";
import { readEstateInSlices } from "./read-estate.ts";
import { inSlices, type Slices } from "./slices.ts";
import type { WholeEstate } from "./write-estate.ts";

/** Takes files of the estate in, and gives the whole of it out. */
export interface EstateDesk {
  /** What a file would change; writes nothing. */
  compare(text: string, options: ReadEstateOptions): Promise<EstateOutcome>;
  /**
   * Writes all that a file changes, or nothing. `expect`: the digest of the changes that a person
   * agreed to; when they would be others by now, nothing is written.
   */
  apply(
    text: string,
    options: ReadEstateOptions,
    ask: { readonly expect: string | null; readonly by: string },
  ): Promise<EstateOutcome>;
  whole(): Promise<WholeEstate>;
}

export interface EstateOutcome extends EstateComparison {
  /** SHA-256 of the changes, hex. */
  readonly digest: string;
  readonly isApplied: boolean;
}

export interface EstateEffects {
  readonly cell: CellId;
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Newest measured power of a host, watts; null: none. */
  readonly wattsOf: (id: HostId) => number | null;
}

export function createEstateDesk(effects: EstateEffects): EstateDesk {
  const { cell, inventory, clock, random, log } = effects;

  const whole = async (): Promise<WholeEstate> => ({
    sites: await inventory.sites(),
    racks: await inventory.racks(),
    hosts: await inventory.hosts(),
  });

  const compare = async (text: string, options: ReadEstateOptions): Promise<EstateOutcome> => {
    // A large file takes seconds: reports and people are served between two slices of it.
    const reading = await inSlices(readEstateInSlices(text, options), clock);
    const { wattsOf } = effects;
    // As they stand when the file is read: what moves while it is compared, the writing finds.
    const current = { cell, wattsOf, ...(await whole()) };
    const comparison = compareEstateInSlices(options.file, reading, current);
    const found = await inSlices(comparison, clock);
    const digest = await inSlices(digestOf(found.changes), clock);
    return { ...found, digest, isApplied: false };
  };

  return {
    compare,
    whole,

    async apply(text, options, { expect, by }) {
      const outcome = await compare(text, options);
      if (outcome.problems.length > 0) return outcome;
      if (expect !== null && expect !== outcome.digest)
        return refused(outcome, options.file, "what the file would change is not what was shown");
      const { changes } = outcome;
      if (countChanges(changes) === 0) return outcome;
      const written = await inventory.applyEstate(changes, () =>
        newUuidV7<HostId>(clock.nowUnixMs(), random),
      );
      if (!written.ok) return refused(outcome, options.file, wordsOf(written.problem));
      log.info(
        {
          by,
          digest: outcome.digest,
          sites: changes.sites.length,
          racks: changes.racks.length,
          hostsAdded: changes.hosts.filter(({ id }) => id === null).length,
          hostsChanged: changes.hosts.filter(({ id }) => id !== null).length,
        },
        "estate imported",
      );
      return { ...outcome, isApplied: true };
    },
  };
}

/** SHA-256, hex. */
function* digestOf(changes: EstateChanges): Slices<string> {
  const hash = createHash("sha256");
  for (const piece of changesPieces(changes)) {
    hash.update(piece);
    yield;
  }
  return hash.digest("hex");
}

function refused(outcome: EstateOutcome, file: string, words: string): EstateOutcome {
  const problem: EstateProblem = {
    code: "moved",
    file,
    at: null,
    column: null,
    words: `${words}; nothing was written`,
    todo: "look at the changes again and decide anew",
  };
  return { ...outcome, problems: [problem] };
}

function wordsOf(conflict: EstateConflict): string {
  switch (conflict.kind) {
    case "name-taken":
      return `somebody has just called another host ${conflict.name}`;
    case "position-taken":
      return `somebody has just put ${conflict.by} where ${conflict.position} is`;
    case "site-elsewhere":
      return `somebody has just put ${conflict.site} into ${conflict.region}`;
    case "revision-moved":
      return "somebody has just changed one of the hosts";
    case "estate-moved":
      return `somebody has just changed ${conflict.what}`;
  }
}
