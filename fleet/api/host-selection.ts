import { phases } from "#fleet/inventory/host-record.ts";
import { operationWords } from "#fleet/lifecycle/lifecycle-word.ts";
import { regions } from "#proto/vocabulary/position.ts";
import { ApiError } from "./problems.ts";
import type { Host } from "./host-schemas.ts";

/** What of a host a selector asks. */
export type Selectable = Pick<
  Host,
  "id" | "name" | "position" | "feeds" | "hardwareClass" | "lifecycle" | "simulated" | "tags"
> & {
  readonly link: Pick<Host["link"], "state">;
  readonly health: Pick<Host["health"], "verdict">;
};

/** What each key of a selector is compared with; a value `*` at the end stands for any rest. */
const selectorKeys = {
  region: (host: Selectable) => host.position?.region ?? "none",
  site: (host: Selectable) => host.position?.site ?? "none",
  row: (host: Selectable) => host.position?.row ?? "none",
  rack: (host: Selectable) => host.position?.rack ?? "none",
  // By its own name or by what feeds it: `A`, `ups-a2`.
  feed: (host: Selectable) =>
    host.feeds.length === 0
      ? "none"
      : host.feeds.flatMap(({ name, upstream }) => (upstream === null ? [name] : [name, upstream])),
  class: (host: Selectable) => host.hardwareClass ?? "none",
  state: (host: Selectable) => host.lifecycle,
  link: (host: Selectable) => host.link.state,
  health: (host: Selectable) => host.health.verdict,
  simulated: (host: Selectable) => String(host.simulated),
  tag: (host: Selectable) => (host.tags.length === 0 ? "none" : host.tags),
} as const satisfies Record<string, (host: Selectable) => string | readonly string[]>;
type SelectorKey = keyof typeof selectorKeys;

/** Keys whose values are a closed list: another word can match nothing, so it is a slip. */
const selectorWords: { readonly [Key in SelectorKey]?: readonly string[] } = {
  region: [...regions, "none"],
  // What a list shows: the running operation's word, or the phase.
  state: [...phases, ...Object.values(operationWords).filter((word) => word !== null)],
  link: ["connected", "late", "lost", "never"],
  health: ["ok", "degraded", "failing", "failed", "unknown"],
  simulated: ["true", "false"],
};

export type HostMatch = (host: Host) => boolean;
export type SelectorMatch = (host: Selectable) => boolean;

/**
 * `region=eu,site=fra2,link=lost`: all of them hold; a key given twice: either value. Without `=`:
 * host names or ids, with commas between. Throws ApiError `selector-invalid`.
 */
export function parseSelector(text: string): SelectorMatch {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.some((part) => part === "")) {
    throw new ApiError("selector-invalid", "the selector is empty, or a part of it is");
  }
  const names = new Set(parts.filter((part) => !part.includes("=")));
  const wanted = new Map<SelectorKey, string[]>();
  for (const part of parts) {
    const [key, value] = splitAt(part, "=");
    if (value === undefined) continue;
    if (!isSelectorKey(key)) {
      throw new ApiError("selector-invalid", `"${key.slice(0, 40)}" is no key of a selector`, {
        hint: `use ${Object.keys(selectorKeys).join(", ")}`,
      });
    }
    const words = selectorWords[key];
    if (words !== undefined && !words.some((word) => isLike(word, value))) {
      throw new ApiError("selector-invalid", `"${value.slice(0, 40)}" is no ${key}`, {
        hint: `use ${words.join(", ")}`,
      });
    }
    wanted.set(key, [...(wanted.get(key) ?? []), value]);
  }
  return (host) => {
    if (names.size > 0 && !names.has(host.name) && !names.has(host.id)) return false;
    for (const [key, values] of wanted) {
      const actual = [selectorKeys[key](host)].flat();
      if (!values.some((value) => actual.some((one) => isLike(one, value)))) return false;
    }
    return true;
  };
}

/** What a person types into a search field: a part of a name, serial, class, place or state. */
export function matchText(query: string): HostMatch {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (host) => {
    const { position } = host;
    const place =
      position === null
        ? ""
        : `${position.region}/${position.site}/${position.row}/${position.rack}/u${position.unit}`;
    const text = [
      host.name,
      host.id,
      host.serial ?? "",
      host.hardwareClass ?? "",
      place,
      host.lifecycle,
      host.link.state,
      host.simulated ? "simulated" : "",
    ]
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function isSelectorKey(key: string): key is SelectorKey {
  return Object.hasOwn(selectorKeys, key);
}

function isLike(actual: string, wanted: string): boolean {
  return wanted.endsWith("*") ? actual.startsWith(wanted.slice(0, -1)) : actual === wanted;
}

function splitAt(text: string, mark: string): [string, string | undefined] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + mark.length)];
}
