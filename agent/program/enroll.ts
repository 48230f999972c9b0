import type { AgentConfig } from "#agent/config/agent-config.ts";
import type { EnrolFailure } from "#agent/enrolment/enrol.ts";
import { isEnrolled } from "#agent/journal/enrolled.ts";
import { openJournalFile } from "#agent/journal/journal-file.ts";
import type { JournalFacts } from "#agent/journal/journal.ts";
import { makeHostKey } from "#agent/enrolment/host-key.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { takeInstanceLock } from "./instance-lock.ts";
import { findJoinToken } from "./join-secret.ts";
import { explainEnrolEnd, joinFleet, pendingText, requireManager } from "./join-fleet.ts";
import { openMachine } from "./machine.ts";
import type { ProgramEffects } from "./program-effects.ts";
import { UsageError } from "./usage-error.ts";

/** Attempts before a person is told that nobody answers. */
const attemptsMax = 3;

/** `wws-agent enroll`: takes this host into a fleet, waiting in pending as long as it takes. */
export async function enroll(
  asked: { readonly token: string | undefined; readonly asNew: boolean },
  config: AgentConfig,
  effects: ProgramEffects,
): Promise<ExitCode> {
  const { tell, print } = effects;
  const token = await findJoinToken(asked.token, effects.environment, effects.readInput);
  const journal = openJournalFile(config.data);
  const answer = takeInstanceLock(config.data);
  if (answer.kind === "taken") {
    tell(`an agent (process ${answer.pid}) runs on ${config.data}: stop it first`);
    return exitCodes.failed;
  }
  if (answer.kind === "unwritten") throw answer.cause;
  try {
    const before = journal.read();
    if (isEnrolled(before) && !asked.asNew) {
      const { hostId, hostName, cell } = before.identity;
      throw new UsageError(
        `this host is ${hostName} (${hostId}) of cell ${cell} already; --new gives that identity up`,
      );
    }
    if (token === null && (before?.caKeySha256 ?? null) === null) {
      tell(explainEnrolEnd({ kind: "no-token" }));
      return exitCodes.usage;
    }
    const manager = requireManager(config.manager, before?.manager ?? null);
    if (before !== null && asked.asNew) journal.write(asNewHost(before));
    const log = effects.openLog(config.logLevel);
    const machine = openMachine(config, { ...effects, log });
    await machine.prepare();
    tell(`asking ${manager} to take this host in …`);
    const end = await joinFleet(
      {
        config,
        journal,
        token,
        machine,
        log,
        attemptsMax,
        onPending: (notice) => tell(pendingText(notice)),
      },
      effects,
    );
    if (end.kind !== "enrolled") {
      tell(explainEnrolEnd(end));
      return exitCodeOf(end);
    }
    const { hostId, hostName, cell } = end.identity;
    print(`${hostId} ${hostName} ${cell}`);
    tell(`enrolled as ${hostName} in cell ${cell}; start it: wws-agent run --data ${config.data}`);
    return exitCodes.ok;
  } finally {
    answer.lock.release();
  }
}

/** Nothing is inherited: a new key, and no identity. */
function asNewHost(before: JournalFacts): JournalFacts {
  return { ...before, privateKeyPem: makeHostKey(), identity: null };
}

export function exitCodeOf(end: EnrolFailure): ExitCode {
  switch (end.kind) {
    case "unreachable":
      return exitCodes.unreachable;
    case "interrupted":
      return exitCodes.interrupted;
    case "no-token":
      return exitCodes.usage;
    case "refused":
    case "untrusted":
      return exitCodes.failed;
  }
}
