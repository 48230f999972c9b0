import type { Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import type { Grant } from "./grants.ts";

/** Whoever asks, as the manager takes them at this moment. */
export interface Person {
  /** Who is answerable: of a token its owner, so that two tokens of one person are one person. */
  readonly name: string;
  readonly via: "session" | "api-token";
  readonly expiresMs: UnixMs;
  /** What they may do now; of a token what both it and its owner may. */
  readonly grants: readonly Grant[];
  /** `machine`: the token beside the manager's data, of nobody. */
  readonly kind: UserKind | "machine";
  /** The token's name; null: a session. */
  readonly token: string | null;
  /** Public id of the session or the token: never its secret. */
  readonly credential: string;
}

/** A `service` has tokens and signs in nowhere; where two people must agree it is none of them. */
export type UserKind = "person" | "service";

export interface User {
  /** Lower-case letters, digits, `.`, `_` and `-`: no two that look alike. */
  readonly name: string;
  readonly displayName: string;
  readonly kind: UserKind;
  readonly isDisabled: boolean;
  readonly grants: readonly Grant[];
  readonly hasPassword: boolean;
  readonly createdMs: UnixMs;
  readonly version: number;
}

/** A token as lists show it; what it opens with is known to its owner alone. */
export interface ApiTokenView {
  readonly id: string;
  readonly name: string;
  /** null: of the manager's data folder, or of a release that knew no owners. */
  readonly owner: string | null;
  /** null: all that its owner may. */
  readonly grants: readonly Grant[] | null;
  readonly createdMs: UnixMs;
  readonly expiresMs: UnixMs;
  readonly lastUsedMs: UnixMs;
}

export type UserProblem =
  | { readonly kind: "unknown" }
  | { readonly kind: "name-taken" }
  | { readonly kind: "name-invalid"; readonly words: string }
  /** Nobody else could undo it. */
  | { readonly kind: "last-security" }
  | { readonly kind: "moved" }
  | { readonly kind: "password-weak"; readonly words: string }
  | { readonly kind: "is-service" };

/** Who did it and why, for the audit, which is written with the change. */
export interface By {
  readonly name: string;
  readonly reason: string;
}

export interface NewSecret {
  readonly id: string;
  readonly secret: string;
  readonly expiresMs: UnixMs;
}

export type SignInProblem =
  /** Wrong name, wrong password, disabled, no password: which of them is not told. */
  { readonly kind: "refused" } | { readonly kind: "wait"; readonly waitMs: number };

/** People and their tools: users, sign-in links, sessions, API tokens. Built by `createPeople`. */
export interface People {
  /** 256-bit secret for a link, valid 15 minutes, works once. */
  createSigninLink(name: string): Promise<{ readonly secret: string; readonly expiresMs: UnixMs }>;
  /** Exchanges a link's secret for a session (8 h, 30 min idle). */
  signIn(
    linkSecret: string,
  ): Promise<Result<{ readonly secret: string; readonly person: Person }, "link-unknown">>;
  signInByPassword(
    name: string,
    password: string,
    /** Where they ask from: guessing from one address slows nobody else down. */
    address: string,
  ): Promise<Result<{ readonly secret: string; readonly person: Person }, SignInProblem>>;
  /** A token of nobody, for whoever reads the data folder. */
  createApiToken(name: string, validMs: number, grants?: readonly Grant[]): Promise<NewSecret>;
  /** A token of a user; `grants` null: all that they may. */
  addToken(ask: {
    readonly owner: string;
    readonly name: string;
    readonly validMs: number;
    readonly grants: readonly Grant[] | null;
    readonly by: string;
  }): Promise<Result<NewSecret, "unknown" | "name-taken">>;
  /** Those that are not over; of one owner where given. */
  tokens(owner?: string): Promise<readonly ApiTokenView[]>;
  /** False: there is none with this id. Its streams end. */
  revokeToken(id: string, by: string): Promise<boolean>;
  fromSession(secret: string): Promise<Person | undefined>;
  fromApiToken(secret: string): Promise<Person | undefined>;
  /**
   * Who has this secret now, for what has been open since they came in; undefined: nobody any more. It
   * is no use of it: a stream that is watched by nobody keeps no session alive.
   */
  lookAgain(secret: string, via: Person["via"]): Promise<Person | undefined>;
  signOut(secret: string): Promise<void>;

  users(): Promise<readonly User[]>;
  user(name: string): Promise<User | undefined>;
  /** Whether a link may be made for a name that nobody has yet: in profile `lab`, with every role. */
  readonly welcomesNewcomers: boolean;
  addUser(
    user: Pick<User, "name" | "displayName" | "kind" | "grants">,
    by: By,
  ): Promise<Result<User, UserProblem>>;
  setDisabled(name: string, isDisabled: boolean, by: By): Promise<Result<User, UserProblem>>;
  /** Gives and takes; what is given stays where it is taken as well. */
  changeGrants(
    name: string,
    change: { readonly add: readonly Grant[]; readonly remove: readonly Grant[] },
    by: By,
  ): Promise<Result<User, UserProblem>>;
  /** Whether this is their password now; slows guessers down as signing in does. */
  checkPassword(
    name: string,
    password: string,
    address: string,
  ): Promise<
    Result<
      undefined,
      { readonly kind: "refused" } | { readonly kind: "wait"; readonly waitMs: number }
    >
  >;
  /** null: no password any more. Ends every session of theirs. */
  setPassword(name: string, password: string | null, by: By): Promise<Result<User, UserProblem>>;
  /** Called with the name of somebody whose sessions, or whose token's id, are over at once. */
  onRevoked(
    listener: (who: { readonly name: string } | { readonly credential: string }) => void,
  ): () => void;
}
