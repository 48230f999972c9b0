import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { Session } from "#fleet/api/session-schemas.ts";
import { ApiError, apiDelete, apiGet, apiPost } from "./client.ts";

/** Who is signed in here; or why nobody is. */
export type SessionState =
  | { readonly kind: "signed-in"; readonly session: Session }
  | { readonly kind: "signed-out"; readonly because: SignedOutBecause };

/** `none`: there was no session; `ended`: there was one; `left`: one signed out oneself. */
export type SignedOutBecause = "none" | "ended" | "left";

const sessionKey = ["session"] as const;

/** `isAsked` false: takes what is known, and asks nothing. */
export function useSession(isAsked = true) {
  return useQuery({
    enabled: isAsked,
    queryKey: sessionKey,
    queryFn: ({ signal }) => readSession(signal),
    staleTime: Number.POSITIVE_INFINITY,
    // Without a session there is no event stream to tell when the manager is back.
    retry: (_count, error) => error instanceof ApiError && error.status !== 401,
    retryDelay: (count) => Math.min(5_000, 500 * 2 ** count),
  });
}

/** Exchanges the secret of a one-time link for a session. Throws ApiError `link-unknown`. */
export async function signIn(queries: QueryClient, secret: string): Promise<void> {
  const session = await apiPost<Session>("/session", { secret });
  queries.clear();
  const state: SessionState = { kind: "signed-in", session };
  queries.setQueryData(sessionKey, state);
}

/** Throws ApiError `signin-refused`, `too-many-requests`. */
export async function signInByPassword(
  queries: QueryClient,
  name: string,
  password: string,
): Promise<void> {
  const session = await apiPost<Session>("/session", { name, password });
  queries.clear();
  const state: SessionState = { kind: "signed-in", session };
  queries.setQueryData(sessionKey, state);
}

export async function signOut(queries: QueryClient): Promise<void> {
  await apiDelete("/session");
  forget(queries, "left");
}

/** The manager no longer knows this page's session: what it showed is put away. */
export function endSession(queries: QueryClient): void {
  if (queries.getQueryData<SessionState>(sessionKey)?.kind !== "signed-in") return;
  forget(queries, "ended");
}

async function readSession(signal: AbortSignal): Promise<SessionState> {
  try {
    return { kind: "signed-in", session: await apiGet<Session>("/session", signal) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      return { kind: "signed-out", because: "none" };
    }
    throw error;
  }
}

function forget(queries: QueryClient, because: SignedOutBecause): void {
  const state: SessionState = { kind: "signed-out", because };
  queries.setQueryData(sessionKey, state);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
}
