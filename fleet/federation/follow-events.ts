import { eventTopics } from "#fleet/api/event-topics.ts";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { CellDoor } from "./cell-door.ts";
import { federationLimits } from "./federation-limits.ts";
import { waitFullJitter } from "./watch-cell.ts";

/**
 * Keeps one event stream of a cell open until the signal ends it, comes back after a random wait with
 * the last id that it heard, and hands on what it understands. Never rejects.
 */
export async function followEvents(effects: {
  readonly door: Pick<CellDoor, "stream">;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent: (event: FleetEvent) => void;
  /** More was missed than the cell keeps, or the stream is new: everything may have moved. */
  readonly onReset: () => void;
  /** The stream broke off: the cell wants to be looked at. */
  readonly onBroken: () => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { clock, signal } = effects;
  let lastEventId: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const either = AbortSignal.any([attempt.signal, signal]);
    let cancel: CancelTimer = () => {};
    const expectMore = (): void => {
      cancel();
      cancel = clock.after(federationLimits.streamSilenceMsMax, () => attempt.abort());
    };
    try {
      expectMore();
      const read = createBlockReader();
      for await (const text of effects.door.stream("/api/v1/events", {
        lastEventId,
        signal: either,
      })) {
        expectMore();
        for (const block of read(text)) {
          failures = 0;
          lastEventId = block.id ?? lastEventId;
          if (block.kind === "reset" || block.kind === "hello") effects.onReset();
          else if (block.event !== null) effects.onEvent(block.event);
        }
      }
    } catch {
      // Why, says the look at the cell; a refused stream changes nothing of that.
    } finally {
      cancel();
      attempt.abort();
    }
    if (signal.aborted) return;
    effects.onBroken();
    try {
      await waitFullJitter(effects, failures, signal);
    } catch {
      return;
    }
    failures += 1;
  }
}

interface Block {
  readonly id: string | null;
  readonly kind: string;
  readonly event: FleetEvent | null;
}

function createBlockReader(): (text: string) => readonly Block[] {
  let rest = "";
  return (text) => {
    rest += text.replaceAll("\r\n", "\n");
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    // A block that never ends is not one of a manager's.
    if (rest.length > federationLimits.streamBlockCharactersMax) rest = "";
    return blocks.flatMap(readBlock);
  };
}

function readBlock(block: string): readonly Block[] {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ""));
  }
  const kind = fields.get("event");
  if (kind === undefined) return [];
  const id = fields.get("id") ?? null;
  const isId = id !== null && /^[a-z0-9]+-[0-9]{1,15}$/.test(id) && id.length <= 64;
  return [{ id: isId ? id : null, kind, event: readEvent(kind, fields.get("data") ?? "") }];
}

/** What an event may carry, each a short text or a number; the rest is left behind. */
const eventFields = [
  "hostId",
  "state",
  "untilMs",
  "verdict",
  "cause",
  "operationId",
  "planId",
  "alertId",
  "pendingId",
] as const;

/** null: not one that this release knows. Hosts' own words never stand in an event. */
function readEvent(kind: string, data: string): FleetEvent | null {
  if (kind === "cell-changed" || !(eventTopics as readonly string[]).includes(kind)) return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const event: Record<string, string | number> = { kind };
  for (const name of eventFields) {
    const field: unknown = Reflect.get(value, name);
    if (typeof field === "number" && Number.isFinite(field)) event[name] = field;
    else if (typeof field === "string" && field.length <= 64) event[name] = field;
  }
  // Ids and words were bounded; whoever is told of an id asks for the rest, which is checked then.
  const of = subjectOf(kind);
  return of === null || typeof event[of] === "string" ? (event as unknown as FleetEvent) : null;
}

/** By which id an event says what it is about; null: the cell as a whole. */
function subjectOf(kind: string): (typeof eventFields)[number] | null {
  switch (kind) {
    case "freeze-changed":
      return null;
    case "plan-changed":
      return "planId";
    case "domain-event":
    case "alert-changed":
      return "alertId";
    case "pending-changed":
      return "pendingId";
    default:
      return "hostId";
  }
}
