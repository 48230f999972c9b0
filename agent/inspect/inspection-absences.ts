import type { Absence } from "#proto/messages/state.ts";
import { absenceReasons } from "#proto/vocabulary/absence.ts";
import { wrapped } from "./wrapped-lines.ts";

/** What a person loses who is not root, before all else. */
export function rightsLines(absences: readonly Absence[], uid: number | null): readonly string[] {
  const denied = absences.filter(({ reason }) => reason === "permission-denied");
  if (denied.length === 0)
    return uid === null || uid === 0
      ? []
      : ["You are not root; nothing of this server is hidden by that."];
  const who =
    uid === null
      ? "The agent may not read all"
      : uid === 0
        ? "Even root may not read all"
        : "You are not root";
  return [
    ...wrapped(`${who}: ${denied.length} things of this server stay hidden.`, ""),
    ...wrapped(`  ${namesOf(denied)}`, "  "),
    ...(uid === 0 ? [] : ["  To see them: sudo wws-agent inspect"]),
  ];
}

/** By reason, then by what would mend it; at the end the packages that would bring most. */
export function missingLines(absences: readonly Absence[]): readonly string[] {
  const lines: string[] = [];
  for (const [reason, members] of Map.groupBy(absences, (absence) => absence.reason)) {
    lines.push(...wrapped(`${reason}: ${absenceReasons[reason]}`, "  "));
    for (const [detail, same] of Map.groupBy(members, (absence) => absence.detail)) {
      lines.push(...wrapped(`  ${namesOf(same)}`, "  "));
      lines.push(...wrapped(`      ${detail}`, "      "));
    }
  }
  const packages = packagesOf(absences);
  if (packages.size > 0) {
    lines.push("", "Debian packages that would mend it:");
    for (const [name, whats] of packages)
      lines.push(...wrapped(`  apt install ${name}  for ${[...whats].join(", ")}`, "      "));
  }
  return lines;
}

/** Which packages the details name, and for what. */
export function packagesOf(absences: readonly Absence[]): ReadonlyMap<string, ReadonlySet<string>> {
  const packages = new Map<string, Set<string>>();
  for (const { what, detail } of absences)
    for (const [, name = ""] of detail.matchAll(/apt install ([a-z0-9][a-z0-9+.-]{1,60})/g)) {
      const known = packages.get(name.replace(/\.$/, "")) ?? new Set();
      packages.set(name.replace(/\.$/, ""), known.add(what));
    }
  return packages;
}

/** `hw.temperature (3), hw.host.power`, each name once. */
function namesOf(absences: readonly Absence[]): string {
  const byName = Map.groupBy(absences, ({ what }) => what);
  return [...byName]
    .map(([what, members]) => {
      const [only] = members;
      if (members.length > 1 || only === undefined) return `${what} (${members.length})`;
      return [what, ...only.attributes.map(({ value }) => value)].join(" ");
    })
    .join(", ");
}
