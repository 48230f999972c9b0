import { JournalError } from "./journal-error.ts";
import type { AgentIdentity, JournalFacts } from "./journal.ts";

/** A journal of a host that has been taken in. */
export interface EnrolledFacts extends JournalFacts {
  readonly identity: AgentIdentity;
  readonly manager: string;
}

export function isEnrolled(facts: JournalFacts | null): facts is EnrolledFacts {
  return facts !== null && facts.identity !== null && facts.manager !== null;
}

/** Throws JournalError where there is nothing to begin with. */
export function requireEnrolled(facts: JournalFacts | null): EnrolledFacts {
  if (isEnrolled(facts)) return facts;
  throw new JournalError(
    "JOURNAL_NOT_ENROLLED",
    "this host is not enrolled: run `wws-agent enroll --manager HOST:PORT` with a join token",
  );
}
