import { Command } from "commander";
import type { Session } from "./session.ts";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** Prints a script that completes commands and options; made from the commands themselves. */
export function completionCommand(session: Session, program: () => Command): Command {
  const command = new Command("completion").description(
    "shell completion; load it in your profile",
  );
  for (const shell of shells) {
    command.addCommand(
      new Command(shell).description(`for ${shell}: ${howToLoad[shell]}`).action(() => {
        const tree = wordsOf(program(), []);
        session.terminal.stdout.write(scripts[shell](tree));
      }),
    );
  }
  return command;
}

const howToLoad: Readonly<Record<Shell, string>> = {
  bash: "source <(wws-fleet completion bash)",
  zsh: "source <(wws-fleet completion zsh)",
  fish: "wws-fleet completion fish | source",
};

/** After these words, these may follow. */
interface WordsAfter {
  readonly path: readonly string[];
  readonly commands: readonly string[];
  readonly options: readonly string[];
}

export function wordsOf(command: Command, path: readonly string[]): readonly WordsAfter[] {
  const commands = command.commands.map((below) => below.name());
  const options = command.options.flatMap((option) => (option.long ? [option.long] : []));
  const here = { path, commands, options: [...options, "--help"] };
  return [here, ...command.commands.flatMap((below) => wordsOf(below, [...path, below.name()]))];
}

const scripts: Readonly<Record<Shell, (tree: readonly WordsAfter[]) => string>> = {
  bash: (tree) => `# bash completion of wws-fleet
_wws_fleet() {
  local current path word
  current=\${COMP_WORDS[COMP_CWORD]}
  path=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) path="$path $word" ;; esac
  done
  local words=""
  case \${path# } in
${bashCases(tree)}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _wws_fleet wws-fleet
`,
  zsh: (tree) => `#compdef wws-fleet
_wws_fleet() {
  local path word
  path=""
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $word in -*) ;; *) path="$path $word" ;; esac
  done
  local -a candidates
  case \${path# } in
${zshCases(tree)}
  esac
  compadd -- $candidates
}
compdef _wws_fleet wws-fleet
`,
  fish: (tree) => `# fish completion of wws-fleet
complete -c wws-fleet -f
${tree.flatMap(fishLines).join("\n")}
`,
};

/** A command's own arguments follow it too: the longest path that fits is the one. */
function bashCases(tree: readonly WordsAfter[]): string {
  return longestFirst(tree)
    .map(({ path, commands, options }) => {
      const words = [...commands, ...options].join(" ");
      return `    ${pattern(path)}) words="${words}" ;;`;
    })
    .join("\n");
}

function zshCases(tree: readonly WordsAfter[]): string {
  return longestFirst(tree)
    .map(({ path, commands, options }) => {
      return `    ${pattern(path)}) candidates=(${[...commands, ...options].join(" ")}) ;;`;
    })
    .join("\n");
}

function pattern(path: readonly string[]): string {
  return path.length === 0 ? "*" : `"${path.join(" ")}"|"${path.join(" ")} "*`;
}

function longestFirst(tree: readonly WordsAfter[]): readonly WordsAfter[] {
  return [...tree].sort((a, b) => b.path.length - a.path.length);
}

function fishLines({ path, commands, options }: WordsAfter): readonly string[] {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const none =
    commands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${commands.join(" ")}`];
  const condition = [...seen, ...none].join("; and ");
  const when = condition === "" ? "" : ` -n "${condition}"`;
  return [
    ...commands.map((word) => `complete -c wws-fleet${when} -a ${word}`),
    ...options.map((word) => `complete -c wws-fleet${when} -l ${word.slice(2)}`),
  ];
}
