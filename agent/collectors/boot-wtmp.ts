/** How the boot before this one was left, by the system's own book of boots and shutdowns. */
export interface LeftBehind {
  /** reboot, poweroff, or `shutdown` where the book does not say which; null: it was not left in order. */
  readonly shutdown: string | null;
  /** Whether the book goes back to before this boot: without that, null above says nothing. */
  readonly knowsBootBefore: boolean;
}

/**
 * `last -x -F -n N reboot shutdown runlevel`, newest first, as util-linux and wtmpdb print it:
 *
 *     reboot   system boot  6.1.0-13-amd64   Mon Nov 23 05:00:00 2026   still running
 *     shutdown system down  6.1.0-13-amd64   Mon Nov 23 04:58:30 2026 - Mon Nov 23 05:00:00 2026  (00:01)
 *     runlevel (to lvl 6)   6.1.0-13-amd64   Mon Nov 23 04:58:20 2026 - …
 *
 * Only the order counts: its times are in the zone of whoever asks, and a clock may have jumped in
 * between. null: no line is one of these. Every line is looked at by its beginning.
 */
export function parseLast(text: string): LeftBehind | null {
  let boots = 0;
  let shutdown: string | null = null;
  let level: string | null = null;
  for (const line of text.split("\n")) {
    const [, event, rest = ""] = lineForm.exec(line.slice(0, lineLengthMax)) ?? [];
    if (event === undefined) continue;
    if (event === "reboot" && rest.startsWith("system boot")) {
      boots += 1;
      if (boots === 2) return { shutdown: wordOf(shutdown, level), knowsBootBefore: true };
    } else if (boots === 1 && event === "shutdown" && rest.startsWith("system down"))
      shutdown ??= "shutdown";
    // Of the levels only the last one before the shutdown says where it went.
    else if (boots === 1 && event === "runlevel") level ??= levelForm.exec(rest)?.[1] ?? null;
  }
  if (boots === 0) return null;
  // A book that begins with the shutdown has lost the boot before it, not the shutdown.
  return { shutdown: wordOf(shutdown, level), knowsBootBefore: shutdown !== null };
}

function wordOf(shutdown: string | null, level: string | null): string | null {
  if (level === "6") return "reboot";
  if (level === "0") return "poweroff";
  return shutdown;
}

/** Names may stand behind a byte-order mark or blanks of a terminal. */
const lineForm = /^[\ufeff \t]{0,8}(reboot|shutdown|runlevel)[ \t]{1,16}(.*)/;
const levelForm = /^\(to lvl (\d)\)/;
const lineLengthMax = 400;
