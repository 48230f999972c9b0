import type { LocalCommands } from "#fleet/cli/terminal.ts";
import type { ApiWorld } from "./api-world.ts";
import type { ScenarioRest } from "./scenario-rest.ts";
import { runCommand } from "./test-terminal.ts";

/** What is typed beside a command, by whom, and what happens to it. */
export interface TypedMore {
  readonly says?: string;
  /** Typed where it asks without showing it. */
  readonly secret?: string;
  readonly interruptAfterMs?: number;
  /** `kill -9` of the command: it says and asks nothing more. */
  readonly killAfterMs?: number;
  readonly as?: string;
  readonly local?: LocalCommands;
}

/** A command that runs, until it ends or somebody ends it. */
export interface Typing {
  readonly ended: Promise<number>;
  readonly interrupt: () => void;
  readonly kill: () => void;
}

/** Where commands are typed: their manager, and whose token counts; `undefined`: the operator's own. */
export interface StoryTerminal {
  readonly world: ApiWorld;
  readonly rest: ScenarioRest;
  tokenOf(name: string | undefined): string;
}

/** Types a command into the story; `tell` gets all that is seen of it, as it comes. */
export function beginTyping(
  story: StoryTerminal,
  command: string,
  { says, secret, as, local = {} }: TypedMore,
  tell: (part: string) => void,
): Typing {
  const { world, rest } = story;
  const interruption = new AbortController();
  let isKilled = false;
  const write = (part: string): void => {
    if (!isKilled) tell(part);
  };
  const outlet = { write, isTerminal: false };
  write(`${as === undefined ? "" : `${as} `}$ wws-fleet ${command}\n`);
  const ended = runCommand(world, wordsOf(command), {
    env: { WWS_URL: "http://127.0.0.1:7600", WWS_TOKEN: story.tokenOf(as) },
    fetch: async (input, init) => {
      if (isKilled) throw new Error("nobody asks any more");
      return rest.countedFetch(input, init);
    },
    signal: interruption.signal,
    stdout: outlet,
    stderr: outlet,
    clock: rest.sleeperClock,
    local,
    ...(secret !== undefined && {
      askSecret: async (question: string) => {
        write(`${question}\n`);
        return secret;
      },
    }),
    ask:
      says === undefined
        ? null
        : async (question) => {
            write(`${question}${says}\n`);
            return says;
          },
  }).then(({ exitCode }) => (isKilled ? 137 : exitCode));
  return {
    ended,
    interrupt() {
      write("^C\n");
      interruption.abort(new Error("interrupted"));
    },
    kill() {
      write("Killed\n");
      isKilled = true;
      interruption.abort(new Error("killed"));
    },
  };
}

/** As a shell would split it; quotes hold words together. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
}
