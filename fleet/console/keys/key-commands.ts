/** Everything that a key does on every page, in the order in which the help shows it. */
export const keyCommands = {
  search: { keys: "/", words: "search for hosts" },
  palette: { keys: "Ctrl K", words: "go anywhere" },
  "go-fleet": { keys: "g f", words: "go to the fleet" },
  "go-racks": { keys: "g r", words: "go to the racks" },
  "go-hosts": { keys: "g h", words: "go to the hosts" },
  "go-plans": { keys: "g p", words: "go to the plans" },
  "go-inbox": { keys: "g i", words: "go to the inbox" },
  "go-reports": { keys: "g t", words: "go to the reports" },
  next: { keys: "j", words: "next row" },
  previous: { keys: "k", words: "previous row" },
  select: { keys: "x", words: "select the row" },
  help: { keys: "?", words: "show these keys" },
} as const satisfies Record<string, { keys: string; words: string }>;
export type KeyCommand = keyof typeof keyCommands;

/** What a page needs to know of a pressed key. */
export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  /** Alt, Meta or anything else that makes it somebody else's key. */
  readonly other: boolean;
  /** The focus is in a field: letters belong to it. */
  readonly isTyping: boolean;
  readonly timeMs: number;
}

/** The first key of a pair that is waiting for its second. */
export interface KeyMemory {
  readonly first: string;
  readonly timeMs: number;
}

const pairMsMax = 1_500;
/** Whoever pressed a key so long ago does not expect it to do anything any more. */
const heldMsMax = 5_000;

const singles: Readonly<Record<string, KeyCommand>> = {
  "/": "search",
  j: "next",
  k: "previous",
  x: "select",
  "?": "help",
};
const pairs: Readonly<Record<string, KeyCommand>> = {
  "g f": "go-fleet",
  "g r": "go-racks",
  "g h": "go-hosts",
  "g p": "go-plans",
  "g i": "go-inbox",
  "g t": "go-reports",
};

/** What a key means, given the one before it. A pair's second key must come within 1.5 s. */
export function readKey(
  memory: KeyMemory | null,
  press: KeyPress,
): { readonly memory: KeyMemory | null; readonly command: KeyCommand | null } {
  const nothing = { memory: null, command: null };
  if (press.other) return nothing;
  if (press.ctrl)
    return press.key.toLowerCase() === "k" ? { memory: null, command: "palette" } : nothing;
  if (press.isTyping) return nothing;
  if (memory !== null && press.timeMs - memory.timeMs <= pairMsMax) {
    const command = find(pairs, `${memory.first} ${press.key}`);
    if (command !== null) return { memory: null, command };
  }
  if (press.key === "g") return { memory: { first: "g", timeMs: press.timeMs }, command: null };
  return { memory: null, command: find(singles, press.key) };
}

/** A key that was pressed before the page could answer, and is asked for now. */
export function isStillMeant(pressedMs: number, nowMs: number): boolean {
  return nowMs - pressedMs <= heldMsMax;
}

function find(table: Readonly<Record<string, KeyCommand>>, key: string): KeyCommand | null {
  return (Object.hasOwn(table, key) ? table[key] : undefined) ?? null;
}
