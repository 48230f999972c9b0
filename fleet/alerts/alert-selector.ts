import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { AlertHost, AlertKind, AlertPlace, AlertScope, Severity } from "./alert.ts";

/** What a selector can look at: of a cause as well as of an alert. */
export interface Selectable {
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly scope: AlertScope;
  readonly place: AlertPlace;
  readonly hosts: readonly AlertHost[];
}

const keys = {
  region: ({ place }: Selectable) => [place.region ?? "none"],
  site: ({ place }: Selectable) => [place.site ?? "none"],
  row: ({ place }: Selectable) => [place.row ?? "none"],
  rack: ({ place }: Selectable) => [place.rack ?? "none"],
  kind: ({ kind }: Selectable) => [kind],
  severity: ({ severity }: Selectable) => [severity],
  scope: ({ scope }: Selectable) => [scope.kind],
  host: ({ hosts }: Selectable) => hosts.flatMap(({ id, name }) => [id, name]),
} as const;
type SelectorKey = keyof typeof keys;
export const alertSelectorKeys = Object.keys(keys) as readonly SelectorKey[];

/**
 * `site=fra2,kind=host-lost`: all of them hold; a key given twice: either value; `*` at the end
 * stands for any rest. Without `=`: an alert's key, or the name or id of a host that is the only one
 * it is about. The problem says what was wrong and what to write.
 */
export function parseAlertSelector(
  text: string,
): Result<(alert: Selectable) => boolean, { readonly words: string; readonly hint: string }> {
  const parts = text.split(",").map((part) => part.trim());
  const usable = `write ${alertSelectorKeys.map((key) => `${key}=`).join(", ")}, a host's name, or an alert's key`;
  if (parts.some((part) => part === ""))
    return fail({ words: "the selector is empty, or a part of it is", hint: usable });
  const names = new Set<string>();
  const wanted = new Map<SelectorKey, string[]>();
  for (const part of parts) {
    const at = part.indexOf("=");
    const key = at < 0 ? null : part.slice(0, at);
    const value = part.slice(at + 1);
    if (key === null) names.add(part);
    else if (!Object.hasOwn(keys, key) || value === "")
      return fail({ words: `"${part.slice(0, 60)}" is no part of a selector`, hint: usable });
    else wanted.set(key as SelectorKey, [...(wanted.get(key as SelectorKey) ?? []), value]);
  }
  return ok((alert) => {
    if (names.size > 0 && !isNamed(alert, names)) return false;
    for (const [key, values] of wanted) {
      const actual = keys[key](alert);
      if (!values.some((value) => actual.some((one) => isLike(one, value)))) return false;
    }
    return true;
  });
}

function isNamed({ key, hosts }: Selectable, names: ReadonlySet<string>): boolean {
  if (names.has(key)) return true;
  const [only, ...others] = hosts;
  if (only === undefined || others.length > 0) return false;
  return names.has(only.name) || names.has(only.id);
}

function isLike(actual: string, wanted: string): boolean {
  return wanted.endsWith("*") ? actual.startsWith(wanted.slice(0, -1)) : actual === wanted;
}
