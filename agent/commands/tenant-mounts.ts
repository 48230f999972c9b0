import { cleanText } from "#proto/vocabulary/wire-text.ts";

/** Mount points in one answer. */
const mountsMax = 4_096;

/**
 * /proc/self/mountinfo (proc(5)) → mount points that fit one of the patterns, each once. A pattern is
 * a path in which `*` stands for any characters but `/`; a mount below one that fits counts too.
 */
export function tenantMountsIn(text: string, patterns: readonly string[]): readonly string[] {
  const forms = patterns.map(formOf);
  const found = new Set<string>();
  for (const line of text.split("\n")) {
    const at = line.split(" ", 5)[4];
    if (at === undefined || !at.startsWith("/")) continue;
    const path = unescapeMount(at);
    if (!forms.some((form) => form.test(path))) continue;
    found.add(cleanText(path));
    if (found.size >= mountsMax) break;
  }
  return [...found].toSorted();
}

function formOf(pattern: string): RegExp {
  const parts = pattern.replace(/\/+$/, "").split(/\*+/);
  const body = parts.map((part) => part.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&")).join("[^/]*");
  return new RegExp(`^${body}(?:/|$)`);
}

/** Space, tab, newline and backslash stand as `\040`, `\011`, `\012`, `\134`. */
function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
