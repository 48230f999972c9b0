import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { CellAddress, CellDoor } from "./cell-door.ts";
import { followEvents } from "./follow-events.ts";
import type { KeptCells } from "./kept-cell.ts";
import { type CellWatch, watchCell } from "./watch-cell.ts";

export interface OpenCells {
  readonly watches: readonly CellWatch[];
  /** Looks at each once. Throws FederationError where one of them is a federation itself. */
  lookFirst(): Promise<void>;
  /** Begins to look again and again, and to follow the cells' events. */
  start(): void;
  stop(): Promise<void>;
}

/** What can never work, seen at the start: said, and the process ends. */
export class FederationError extends Error {
  override readonly name = "FederationError";
}

/** Watches the cells and hands their events on, with one of its own for each that comes or goes. */
export function openCells(parts: {
  readonly cells: readonly (CellAddress & { readonly door: CellDoor & { close(): void } })[];
  readonly kept: KeptCells;
  readonly events: FleetEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}): OpenCells {
  const { events, clock, random, log, kept } = parts;
  const stopping = new AbortController();
  const following: Promise<void>[] = [];
  const watches: CellWatch[] = [];
  /** Which address has a name: two that answer as the same cell are one cell, told twice. */
  const owners = new Map<string, string>();
  const refuseName = (name: string, url: string): string | null => {
    const owner = owners.get(name);
    if (owner === undefined || owner === url) {
      for (const [other, ownerUrl] of owners) if (ownerUrl === url) owners.delete(other);
      owners.set(name, url);
      return null;
    }
    return `${url} is cell ${name}, and ${owner} is that already: name each cell once, or give one another name`;
  };
  const isElsewhere = (name: string, url: string): boolean => (owners.get(name) ?? url) !== url;
  const onChange = (watch: CellWatch): void =>
    events.publish({ kind: "cell-changed", cell: watch.name(), state: watch.state().kind });
  for (const { url, name, door } of parts.cells)
    watches.push(
      watchCell({ url, name }, { door, kept, clock, log, onChange, refuseName, isElsewhere }),
    );

  return {
    watches,
    async lookFirst() {
      await Promise.all(watches.map((watch) => watch.look()));
      const wrong = watches.find((watch) => watch.state().why?.includes("is itself a federation"));
      if (wrong !== undefined) throw new FederationError(wrong.state().why ?? wrong.url);
    },
    start() {
      for (const [index, watch] of watches.entries()) {
        watch.start();
        const door = parts.cells[index]?.door;
        if (door === undefined) continue;
        const look = () => void watch.look();
        following.push(
          followEvents({
            door,
            clock,
            random,
            onEvent: (event) => {
              if (watch.state().kind === "connected") events.publish(event);
            },
            onReset: () => onChange(watch),
            onBroken: look,
            signal: stopping.signal,
          }),
        );
      }
    },
    async stop() {
      stopping.abort();
      await Promise.all(watches.map((watch) => watch.stop()));
      for (const { door } of parts.cells) door.close();
      await Promise.all(following);
    },
  };
}
