import type { Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

export interface Person {
  readonly name: string;
  readonly via: "session" | "api-token";
  readonly expiresMs: UnixMs;
}

/** People and their tools: one-time sign-in links, sessions, API tokens. Built by `createPeople`. */
export interface People {
  /** 256-bit secret for a link, valid 15 minutes, works once. */
  createSigninLink(name: string): Promise<{ readonly secret: string; readonly expiresMs: UnixMs }>;
  /** Exchanges a link's secret for a session (8 h, 30 min idle). */
  signIn(
    linkSecret: string,
  ): Promise<Result<{ readonly secret: string; readonly person: Person }, "link-unknown">>;
  createApiToken(
    name: string,
    validMs: number,
  ): Promise<{ readonly secret: string; readonly expiresMs: UnixMs }>;
  fromSession(secret: string): Promise<Person | undefined>;
  fromApiToken(secret: string): Promise<Person | undefined>;
  signOut(secret: string): Promise<void>;
}
