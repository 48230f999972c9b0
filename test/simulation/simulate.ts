/** Plays seeds again by hand; `npm run simulate -- --help` says how. */
import { parseArgs } from "node:util";
import { simulationKinds } from "./replay-command.ts";
import { replay } from "./replay.ts";

const help = `npm run simulate -- --seed N [--kind hosts|fleet|samples] [--count C]
  [--hosts H] [--hours T]  its size, as the run that failed had it
  [--pace P]               how often things happen (kind fleet)
  [--until STEP]           stops there, and shows what led to it
  [--shrink]               the smallest story that still breaks the same rule, and a file of it
  [--story FILE]           plays a story from such a file, whatever its kind
`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    kind: { type: "string", default: "hosts" },
    count: { type: "string", default: "1" },
    hosts: { type: "string" },
    hours: { type: "string" },
    pace: { type: "string" },
    until: { type: "string" },
    story: { type: "string" },
    shrink: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function numberOf(
  name: "seed" | "count" | "hosts" | "hours" | "pace" | "until",
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`--${name} ${text}: write a number above 0\n\n${help}`);
  return process.exit(2);
}

const kind = simulationKinds.find((one) => one === values.kind);
if (values.help || kind === undefined) {
  if (!values.help) process.stderr.write(`--kind ${values.kind}: there is no such simulation\n\n`);
  process.stdout.write(help);
  process.exit(values.help ? 0 : 2);
}
const isWell = await replay(
  {
    kind,
    seed: numberOf("seed") ?? 1,
    count: numberOf("count") ?? 1,
    hosts: numberOf("hosts"),
    hours: numberOf("hours"),
    pace: numberOf("pace"),
    until: numberOf("until"),
    storyFile: values.story,
    isShrunk: values.shrink,
  },
  (line) => process.stdout.write(`${line}\n`),
);
process.exit(isWell ? 0 : 1);
