import type { AgentIdentity, Journal, JournalFacts } from "#agent/journal/journal.ts";
import { backoffMs } from "#agent/link/backoff.ts";
import { enrolPath, managerUrl } from "#agent/link/manager-address.ts";
import { closeCodes, type LinkTransport } from "#agent/link/transport.ts";
import type { EnrolAnswer, Refusal } from "#proto/messages/frames.ts";
import type { Identity } from "#proto/messages/state.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { BootId, KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { askOnce } from "./ask-once.ts";
import { checkChain } from "./certificate-chain.ts";
import { encodeEnrolRequest } from "./enrolment-request.ts";
import { fingerprintOf, makeHostKey, makeSelfSigned } from "./host-key.ts";
import type { JoinToken } from "./join-token.ts";

export interface EnrolParts {
  readonly transport: LinkTransport;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** `host:port`. */
  readonly manager: string;
  /** null: this host's key waits in pending already, and the journal knows the authority. */
  readonly token: JoinToken | null;
  readonly release: string;
  readonly simulated: boolean;
  readonly identity: Identity;
  readonly bootId: BootId;
  /** Attempts without an answer before giving up. */
  readonly attemptsMax: number;
  readonly signal: AbortSignal;
  readonly onPending: (pending: PendingNotice) => void;
}

/** What a person has to do: compare, and approve. Told once. */
export interface PendingNotice {
  readonly pendingId: PendingId;
  /** Of this host's own key, as this host knows it. */
  readonly fingerprint: KeyFingerprint;
}

export type EnrolEnd =
  | { readonly kind: "enrolled"; readonly identity: AgentIdentity }
  | EnrolFailure;

export type EnrolFailure =
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "unreachable"; readonly detail: string }
  | { readonly kind: "untrusted"; readonly detail: string }
  | { readonly kind: "no-token" }
  | { readonly kind: "interrupted" };

/**
 * Takes this host into a fleet: makes its key, shows the token to the manager that the token names,
 * waits in pending as long as it takes, and keeps what comes of it. May be interrupted at any point
 * and run again: the key stays, so the same host never asks under two.
 */
export async function enrolHost(parts: EnrolParts): Promise<EnrolEnd> {
  const { clock, journal, log, manager, random, signal, token } = parts;
  const before = journal.read();
  const caKeySha256 = token?.caKeySha256 ?? before?.caKeySha256 ?? null;
  if (caKeySha256 === null) return { kind: "no-token" };
  const privateKeyPem = before?.privateKeyPem ?? makeHostKey();
  const facts: JournalFacts = {
    format: 1,
    privateKeyPem,
    identity: null,
    manager,
    caKeySha256,
    term: before?.term ?? 0,
  };
  journal.write(facts);
  const target = {
    url: managerUrl(manager, enrolPath),
    credentials: {
      privateKeyPem,
      certificateChainPem: makeSelfSigned(privateKeyPem, random),
      caPem: null,
      caKeySha256,
    },
  };
  const fingerprint = fingerprintOf(privateKeyPem);
  let shown = token?.text ?? null;
  let failures = 0;
  let isTold = false;
  while (!signal.aborted) {
    const question = encodeEnrolRequest({
      token: shown,
      agentRelease: parts.release,
      simulated: parts.simulated,
      identity: parts.identity,
      bootId: parts.bootId,
      wallMs: clock.nowUnixMs(),
    });
    const attempt = await askOnce(parts.transport, target, question, clock, signal);
    if (signal.aborted) break;
    let waitMs: number;
    if (attempt.kind === "answered" && attempt.answer.kind === "issued") {
      return keepIdentity(attempt.answer, facts, journal);
    }
    if (attempt.kind === "answered" && attempt.answer.kind === "pending") {
      const { pendingId, retryAfterMs } = attempt.answer;
      if (!isTold) parts.onPending({ pendingId, fingerprint });
      isTold = true;
      failures = 0;
      // The key has its place now; a token is used up by then.
      shown = null;
      waitMs = retryAfterMs * (1 + 0.1 * random.next());
    } else if (attempt.kind === "refused") {
      const { refusal } = attempt;
      if (refusal.retryAfterMs === null) return { kind: "refused", refusal };
      log.warn({ refusal: refusal.code, hint: refusal.hint }, "enrolment put off");
      waitMs = refusal.retryAfterMs + backoffMs(failures, random);
      failures += 1;
    } else if (attempt.kind === "no-answer") {
      const { code, detail } = attempt.reason;
      failures += 1;
      if (code === closeCodes.untrusted) return { kind: "untrusted", detail };
      if (failures >= parts.attemptsMax) return { kind: "unreachable", detail };
      log.warn({ reason: detail, failures }, "manager could not be asked; trying again");
      waitMs = backoffMs(failures - 1, random);
    } else waitMs = backoffMs(failures, random);
    await sleep(clock, waitMs, signal).catch(() => {});
  }
  return { kind: "interrupted" };
}

function keepIdentity(
  answer: Extract<EnrolAnswer, { kind: "issued" }>,
  facts: JournalFacts,
  journal: Journal,
): EnrolEnd {
  const checked = checkChain(answer.certificateChain, facts.privateKeyPem);
  if (!checked.ok) return { kind: "untrusted", detail: checked.problem };
  const { certificateChainPem, caPem, caKeySha256 } = checked.value;
  if (caPem === null || caKeySha256 !== facts.caKeySha256) {
    const detail = "the chain does not end in the authority that the token names";
    return { kind: "untrusted", detail };
  }
  const { hostId, hostName, cell, generation } = answer;
  const identity = { hostId, hostName, cell, generation, certificateChainPem, caPem };
  journal.write({ ...facts, identity });
  return { kind: "enrolled", identity };
}
