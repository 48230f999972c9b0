import { Option } from "commander";
import { CommandError, exitCodes } from "./exit-codes.ts";

/** As the manager wants it; checked here so that people hear it in words of the command line. */
const lengthMin = 3;
const lengthMax = 500;

/** `--reason TEXT`, without which nothing is changed. */
export function reasonOption(description = "why; it goes into the audit"): Option {
  return new Option("--reason <text>", description)
    .argParser((text: string): string => {
      if (text.trim().length < lengthMin)
        throw wrong(`--reason must say why, in at least ${lengthMin} characters`);
      if (text.length > lengthMax)
        throw wrong(`--reason must say why, in at most ${lengthMax} characters`);
      return text;
    })
    .makeOptionMandatory();
}

function wrong(message: string): CommandError {
  return new CommandError(exitCodes.usage, message);
}
