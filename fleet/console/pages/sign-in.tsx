import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { Navigate, useLocation, useNavigate } from "react-router";
import { ApiError } from "../api/client.ts";
import { signIn, signInByPassword, useSession } from "../api/session.ts";
import { Command } from "../parts/copy.tsx";
import { PasswordForm } from "./password-form.tsx";
import { PageHead } from "./page-head.tsx";
import { findWanted, forgetWanted } from "./wanted-page.ts";

type Trying =
  | { readonly kind: "none" | "trying" | "done" }
  | { readonly kind: "failed"; readonly error: Error };

/** Exchanges the link's secret for a session, once; without a secret it says how to get a link. */
export function SignInPage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { hash } = useLocation();
  // With a link in hand there is nothing to ask: nobody is signed in here yet, or soon somebody is.
  const [hadSecret] = useState(hash.length > 1);
  const session = useSession(!hadSecret);
  const [trying, setTrying] = useState<Trying>({ kind: "none" });

  const attempt = useCallback((entering: Promise<void>): void => {
    setTrying({ kind: "trying" });
    entering.then(
      () => setTrying({ kind: "done" }),
      (error: unknown) =>
        setTrying({
          kind: "failed",
          error: error instanceof Error ? error : new Error(String(error)),
        }),
    );
  }, []);

  useEffect(() => {
    document.title = "Sign in · WWS Fleet";
  }, []);
  // A link may also be pasted over the address of this very page: then only the hash changes.
  useEffect(() => {
    const secret = hash.slice(1);
    if (secret === "") return;
    // Out of the address at once: a link works once, and nobody should copy it from there.
    void navigate({ hash: "" }, { replace: true });
    attempt(signIn(queries, secret));
  }, [hash, navigate, queries, attempt]);

  // Signed in meanwhile in another tab, perhaps: looking again is enough.
  useEffect(() => {
    const look = () => void session.refetch();
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [session.refetch]);

  if (session.data?.kind === "signed-in" && trying.kind !== "trying") {
    const wanted = findWanted();
    forgetWanted();
    return <Navigate to={wanted} replace />;
  }
  const because = session.data?.kind === "signed-out" ? session.data.because : "none";
  return (
    <main className="sign-in" id="main">
      <p className="brand">WWS Fleet</p>
      <PageHead title={trying.kind === "trying" ? "Signing in" : "Sign in"} />
      {trying.kind === "trying" ? <p role="status">The manager checks it.</p> : null}
      {trying.kind === "failed" ? <LinkRefused error={trying.error} /> : null}
      {trying.kind !== "failed" && because === "ended" ? (
        <p className="notice notice-warn slim" role="status">
          Your session has ended. It lasts 8 hours, and ends after 30 minutes without a question to
          the manager. A new link brings you back to the page you were on.
        </p>
      ) : null}
      {because === "left" ? (
        <p className="notice slim" role="status">
          You are signed out.
        </p>
      ) : null}
      <PasswordForm
        isTrying={trying.kind === "trying"}
        onSubmit={(name, password) => attempt(signInByPassword(queries, name, password))}
      />
      {trying.kind === "trying" ? null : <HowToGetALink />}
    </main>
  );
}

function LinkRefused({ error }: { readonly error: Error }) {
  const isLink = error instanceof ApiError && error.code === "link-unknown";
  return (
    <section className="notice notice-bad slim" role="alert">
      <h2>{isLink ? "This link does not work, or no longer" : "Signing in failed"}</h2>
      <p>
        {isLink
          ? "A link works once, for 15 minutes. Make a new one as below."
          : `${error.message} ${error instanceof ApiError ? error.hint : ""}`}
      </p>
    </section>
  );
}

function HowToGetALink() {
  return (
    <section>
      <p>Or by a link. In the checkout on the manager's machine, run</p>
      <p>
        <Command text="npx wws-fleet signin-link" />
      </p>
      <p className="dim">and open the link that it prints. It works once, for 15 minutes.</p>
    </section>
  );
}
