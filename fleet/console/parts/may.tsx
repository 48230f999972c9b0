import { createContext, type ReactNode, useContext } from "react";
import type { Session } from "#fleet/api/session-schemas.ts";

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({
  session,
  children,
}: {
  readonly session: Session;
  readonly children: ReactNode;
}) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Why this person may not, in words that stand beside the button; null: they may. */
export function useWhyNot(capability: string): string | null {
  const session = useContext(SessionContext);
  if (session === null || session.may.includes(capability)) return null;
  return `your roles do not let you ("${capability}" is missing); somebody with the role security can grant it`;
}
