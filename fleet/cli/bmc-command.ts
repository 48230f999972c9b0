import { Command, Option } from "commander";
import type { Probed, ProbeRequest } from "#fleet/bmc/probe.ts";
import type { ProbeReport, ProtocolOutcome } from "#fleet/bmc/probe-report.ts";
import { findPassword } from "./bmc-password.ts";
import { printReport } from "./bmc-print.ts";
import { readRecordingFiles, writeRecordingFiles } from "./bmc-recording.ts";
import { systemRandom } from "./bmc-random.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit-codes.ts";
import { safeJson } from "./output.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";

interface ProbeOptions extends FormOptions {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly port?: string;
  readonly protocol: ProbeRequest["protocol"];
  readonly timeout: string;
  readonly pace: string;
  readonly record?: string;
  readonly replay?: string;
}

const portIpmi = 623;
const portRedfish = 443;

export function bmcCommand(session: Session): Command {
  return new Command("bmc").description("the controllers beside the servers").addCommand(
    new Command("probe")
      .description("say what a BMC is, can, reports and gets wrong; changes nothing")
      .argument("[address]", "its IP address or name; `--replay` needs none")
      .option("--user <name>", "whom to log in as; WWS_BMC_USER, else asked")
      .option(
        "--password-file <file>",
        "first line is the password; else WWS_BMC_PASSWORD, or asked",
      )
      .option("--port <number>", `of the one protocol that is asked (${portIpmi}, ${portRedfish})`)
      .addOption(
        new Option("--protocol <name>", "which to ask")
          .choices(["ipmi", "redfish", "both"])
          .default("both"),
      )
      .option("--timeout <seconds>", "end after this time", "180")
      .option("--pace <ms>", "pause between two commands of IPMI", "20")
      .option("--record <folder>", "write a recording without names, for a bug report")
      .option("--replay <folder>", "read such a recording again, instead of a BMC")
      .addOption(outputOption(["table", "json"]))
      .action(async (address: string | undefined, options: ProbeOptions) => {
        await run(session, address, options);
      }),
  );
}

async function run(
  session: Session,
  address: string | undefined,
  options: ProbeOptions,
): Promise<void> {
  const { terminal } = session;
  if (options.replay !== undefined) {
    if (address !== undefined || options.record !== undefined)
      throw usage("--replay reads a recording: no address and no --record beside it");
    const { replayProbe } = await loadProbe();
    const report = await replayProbe(readRecordingFiles(options.replay)).catch(explain);
    print(session, report, options);
    return;
  }
  if (address === undefined)
    throw usage("which BMC? give its address", "wws-fleet bmc probe 192.0.2.7");
  const request = await requestFrom(session, address, options);
  const ending = new AbortController();
  const whole = AbortSignal.any([terminal.signal, ending.signal]);
  const cancel = terminal.clock.after(seconds(options.timeout, "--timeout") * 1_000, () =>
    ending.abort(
      new CommandError(
        exitCodes.unreachable,
        `the probe took longer than ${options.timeout} s`,
        "slow BMCs need more: --timeout 600, or one protocol alone",
      ),
    ),
  );
  try {
    const { probe } = await loadProbe();
    const probed = await probe(request, {
      clock: terminal.clock,
      random: systemRandom,
      signal: whole,
      progress: (what) => {
        if (terminal.stderr.isTerminal) terminal.stderr.write(`${what}\n`);
      },
    });
    const failure = failureOf(probed.report);
    if (failure !== null && failure.exitCode !== exitCodes.partFailed) throw failure;
    record(session, probed, options);
    print(session, probed.report, options);
    if (failure !== null) {
      terminal.stderr.write(`wws-fleet: ${failure.message}\n`);
      session.endWith(failure.exitCode);
    }
  } finally {
    cancel();
  }
}

async function requestFrom(
  session: Session,
  address: string,
  options: ProbeOptions,
): Promise<ProbeRequest> {
  const { terminal } = session;
  if (!addressForm.test(address))
    throw usage(
      `"${address}" is no address`,
      "an IP address or a host name, without https:// and port",
    );
  if (options.port !== undefined && options.protocol === "both")
    throw usage("--port is of one protocol", "give --protocol ipmi or --protocol redfish with it");
  const port = options.port === undefined ? null : portFrom(options.port);
  const paceMs = Number(options.pace);
  if (!/^\d{1,5}$/.test(options.pace))
    throw usage(`--pace ${options.pace}: milliseconds are meant`);
  seconds(options.timeout, "--timeout");
  const user = options.user ?? terminal.env["WWS_BMC_USER"] ?? (await terminal.ask?.("BMC user: "));
  if (user === undefined || user === "") throw usage("as whom? give --user, or set WWS_BMC_USER");
  return {
    address,
    protocol: options.protocol,
    ipmiPort: port ?? portIpmi,
    redfishPort: port ?? portRedfish,
    user,
    password: await findPassword(terminal, options.passwordFile),
    packetTimeoutMs: 1_000,
    httpTimeoutMs: 30_000,
    paceMs,
  };
}

function record(session: Session, probed: Probed, { record: folder }: ProbeOptions): void {
  if (folder === undefined) return;
  const files = recordOf(probed);
  writeRecordingFiles(folder, files);
  session.terminal.stderr.write(
    `recorded without names, serials and addresses: ${folder} (${files.size} files); look through it before you pass it on\n`,
  );
}

/** Only where it is wanted: other commands start faster without. */
function loadProbe(): Promise<typeof import("#fleet/bmc/probe.ts")> {
  return import("#fleet/bmc/probe.ts");
}

function recordOf(probed: Probed): ReadonlyMap<string, string> {
  try {
    return probed.record();
  } catch (error) {
    return explain(error);
  }
}

/** Errors of recordings, told as what went wrong and what to do. */
function explain(error: unknown): never {
  if (error instanceof Error && error.name === "RecordingError")
    throw usage(error.message, "a recording is a folder that `bmc probe --record` wrote");
  if (error instanceof Error && error.name === "LeakError")
    throw new CommandError(
      exitCodes.failed,
      error.message,
      "nothing was written; please report the kind of field, not its content",
    );
  throw error;
}

function print(session: Session, report: ProbeReport, { output }: ProbeOptions): void {
  if (output === "json") session.terminal.stdout.write(`${safeJson(report, 2)}\n`);
  else printReport(session.terminal, report);
}

/** null: everything that was asked for answered. */
function failureOf({ protocols }: ProbeReport): CommandError | null {
  const asked = [protocols.ipmi, protocols.redfish].filter(
    ({ outcome }) => outcome !== "not-asked",
  );
  const failed = asked.flatMap((one) => (isFailure(one) ? [one] : []));
  if (failed.length === 0) return null;
  const text = failed.map(({ detail }) => detail).join("; ");
  if (failed.length < asked.length) {
    // A protocol that is not there is a finding; one that turns us away is half of the work undone.
    const isTurnedAway = failed.some(({ outcome }) => outcome !== "unreachable");
    return isTurnedAway ? new CommandError(exitCodes.partFailed, text) : null;
  }
  const worst = failed.find(({ outcome }) => outcome === "unauthorised") ?? failed[0];
  const { code, hint } = endings[worst?.outcome ?? "failed"] ?? {
    code: exitCodes.failed,
    hint: "",
  };
  return new CommandError(code, text, hint);
}

function isFailure(
  outcome: ProtocolOutcome,
): outcome is Extract<ProtocolOutcome, { readonly outcome: keyof typeof endings }> {
  return outcome.outcome !== "ok" && outcome.outcome !== "not-asked";
}

const endings: Readonly<
  Record<
    "unreachable" | "unauthorised" | "refused" | "failed",
    { readonly code: ExitCode; readonly hint: string }
  >
> = {
  unreachable: {
    code: exitCodes.unreachable,
    hint: "check address, cable and firewall (UDP 623, TCP 443), and whether IPMI over LAN is switched on",
  },
  unauthorised: {
    code: exitCodes.notAuthorised,
    hint: "check user and password (WWS_BMC_PASSWORD), and that the user may log in over the network",
  },
  refused: {
    code: exitCodes.failed,
    hint: "its sessions may all be taken: wait some minutes; or its firmware is starting",
  },
  failed: {
    code: exitCodes.failed,
    hint: "record it with the other protocol: --protocol, --record",
  },
};

function usage(message: string, hint?: string): CommandError {
  return new CommandError(exitCodes.usage, message, hint);
}

function portFrom(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw usage(`--port ${text}: a number from 1 to 65535 is meant`);
  return port;
}

function seconds(text: string, option: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw usage(`${option} ${text}: seconds are meant, 1 or more`);
  return value;
}

/** IPv4, IPv6, or a name. */
const addressForm =
  /^(?:[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9]{1,16})?|(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}))*)$/;
