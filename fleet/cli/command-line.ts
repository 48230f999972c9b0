import { Command, CommanderError } from "commander";
import { ClientError } from "#fleet/api/client.ts";
import { alertCommand } from "./alert-commands.ts";
import { auditCommand } from "./audit-commands.ts";
import { bmcCommand } from "./bmc-command.ts";
import { cellCommand } from "./cell-commands.ts";
import { completionCommand } from "./completion.ts";
import { configCommand } from "./config-commands.ts";
import { type Connection, findConnection, openConnection } from "./connection.ts";
import { enrollCommand } from "./enroll-commands.ts";
import { CommandError, type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { freezeCommands } from "./freeze-commands.ts";
import { holdCommand } from "./hold-commands.ts";
import { hostCommand } from "./host-commands.ts";
import { imageCommand } from "./image-command.ts";
import { inventoryCommand } from "./inventory-commands.ts";
import { operationCommand } from "./operation-commands.ts";
import { planCommand } from "./plan-commands.ts";
import { placeCommands } from "./place-commands.ts";
import { reportCommand } from "./report-commands.ts";
import type { Session } from "./session.ts";
import { signinLinkCommand } from "./signin-command.ts";
import { roleCommand } from "./role-commands.ts";
import { storeCommand } from "./store-commands.ts";
import { leaseCommand, tenantCommand } from "./tenancy-commands.ts";
import type { Terminal } from "./terminal.ts";
import { tokenCommand } from "./token-commands.ts";
import { userCommand } from "./user-commands.ts";
import { whyText } from "./why-words.ts";
import { safeText } from "./words.ts";

/** Runs one command, `argv` without node and script; resolves with the exit code, never rejects. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  const state: { connection: Connection | undefined; exitCode: ExitCode } = {
    connection: undefined,
    exitCode: exitCodes.ok,
  };
  const session: Session = {
    terminal,
    async client() {
      state.connection ??= await findConnection(terminal);
      return openConnection(terminal, state.connection);
    },
    endWith(code) {
      state.exitCode = code;
    },
  };
  if (argv[0] === "serve" && terminal.local.serve !== undefined) {
    return terminal.local.serve(argv.slice(1));
  }
  try {
    await createProgram(session).parseAsync([...argv], { from: "user" });
    return state.exitCode;
  } catch (error) {
    return complain(terminal, error, state.connection);
  }
}

export function createProgram(session: Session): Command {
  const program = new Command("wws-fleet")
    .description("Looks after a fleet of bare-metal servers.")
    .helpCommand(false)
    .showHelpAfterError("(add --help to see how it is used)")
    .addHelpText("after", environmentHelp);
  if (session.terminal.local.serve !== undefined) {
    program.command("serve").description("run the manager in this process");
  }
  program.addCommand(hostCommand(session));
  program.addCommand(cellCommand(session));
  for (const command of placeCommands(session)) program.addCommand(command);
  program.addCommand(planCommand(session));
  program.addCommand(operationCommand(session));
  program.addCommand(holdCommand(session));
  program.addCommand(alertCommand(session));
  program.addCommand(reportCommand(session));
  program.addCommand(tenantCommand(session));
  program.addCommand(leaseCommand(session));
  program.addCommand(bmcCommand(session));
  program.addCommand(imageCommand(session));
  program.addCommand(enrollCommand(session));
  program.addCommand(inventoryCommand(session));
  program.addCommand(signinLinkCommand(session));
  for (const command of freezeCommands(session)) program.addCommand(command);
  program.addCommand(userCommand(session));
  program.addCommand(roleCommand(session));
  program.addCommand(tokenCommand(session));
  program.addCommand(auditCommand(session));
  program.addCommand(configCommand(session));
  program.addCommand(storeCommand(session));
  program.addCommand(completionCommand(session, () => program));
  quiet(program, session.terminal);
  return program;
}

/** Commander neither exits nor writes by itself, in any of the commands. */
function quiet(command: Command, terminal: Terminal): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => terminal.stdout.write(text),
    writeErr: (text) => terminal.stderr.write(text),
    getOutHelpWidth: () => 100,
    getErrHelpWidth: () => 100,
  });
  for (const below of command.commands) quiet(below, terminal);
}

function complain(
  terminal: Terminal,
  error: unknown,
  connection: Connection | undefined,
): ExitCode {
  const say = (message: string, hint?: string): void => {
    terminal.stderr.write(`wws-fleet: ${safeText(message)}\n`);
    if (hint !== undefined) terminal.stderr.write(`  ${safeText(hint)}\n`);
  };
  if (terminal.signal.aborted) {
    say("interrupted");
    return exitCodes.interrupted;
  }
  // Commander has written its own words.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof CommandError) {
    say(error.message, error.hint);
    return error.exitCode;
  }
  if (error instanceof ClientError) {
    say(error.message, hintOf(error, connection));
    const further = error.problem?.why?.slice(1) ?? [];
    for (const line of whyText(further, "also: ").split("\n")) if (line !== "") say(line);
    return exitCodeOf(error);
  }
  say(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return exitCodes.failed;
}

function hintOf(error: ClientError, connection: Connection | undefined): string | undefined {
  if (connection === undefined) return undefined;
  const { urlFrom, token, tokenFrom } = connection;
  if (error.kind === "unreachable") {
    return `the address is ${urlFrom}; start the manager with \`npm start\`, or set WWS_URL`;
  }
  if (error.problem?.status === 401) {
    return token === null
      ? `no token was sent: ${tokenFrom}; set WWS_TOKEN`
      : `the token is ${tokenFrom}; it may belong to another manager or be too old`;
  }
  return error.problem?.hint;
}

const environmentHelp = `
The manager and the token come from WWS_URL and WWS_TOKEN, else from cli.json in WWS_DATA or
./data, where \`npm start\` writes it. NO_COLOR turns colours off.
Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 not authorised, 5 conflict, hold or budget,
6 still running, 7 part failed, 8 manager unreachable, 130 interrupted.`;
