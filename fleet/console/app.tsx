import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { BrowserRouter, Navigate, Route, Routes, useLocation } from "react-router";
import { LiveProvider } from "./api/live.tsx";
import { useSession } from "./api/session.ts";
import { KeysProvider } from "./keys/keys.tsx";
import { AuditPage } from "./pages/audit/audit-page.tsx";
import { PeoplePage } from "./pages/people/people-page.tsx";
import { FleetPage } from "./pages/fleet/fleet-page.tsx";
import { HostPage } from "./pages/host/host-page.tsx";
import { HostsPage } from "./pages/hosts/hosts-page.tsx";
import { InboxPage } from "./pages/inbox/inbox-page.tsx";
import { PlanPage } from "./pages/plans/plan-page.tsx";
import { PlansPage } from "./pages/plans/plans-page.tsx";
import { NoSuchPage } from "./pages/no-such-page.tsx";
import { ReportsPage } from "./pages/reports/reports-page.tsx";
import { RackPage } from "./pages/racks/rack-page.tsx";
import { RacksPage } from "./pages/racks/racks-page.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { keepWanted } from "./pages/wanted-page.ts";
import { Failed, Loading } from "./parts/page-states.tsx";
import { ZoneProvider } from "./parts/zone.tsx";
import { Shell } from "./shell/shell.tsx";
import { WhereProvider } from "./shell/where.tsx";

/** The console: its addresses, and what every page may rely on. */
export function App({ queries }: { readonly queries: QueryClient }) {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <KeysProvider>
          <Routes>
            <Route path="/sign-in" element={<SignInPage />} />
            <Route path="/signin" element={<SignInPage />} />
            <Route element={<SignedIn />}>
              <Route index element={<FleetPage />} />
              <Route path="/racks" element={<RacksPage />} />
              <Route path="/racks/:rackId" element={<RackPage />} />
              <Route path="/hosts" element={<HostsPage />} />
              <Route path="/hosts/:hostId" element={<HostPage />} />
              <Route path="/plans" element={<PlansPage />} />
              <Route path="/plans/:planId" element={<PlanPage />} />
              <Route path="/inbox" element={<InboxPage />} />
              <Route path="/reports" element={<ReportsPage />} />
              <Route path="/audit" element={<AuditPage />} />
              <Route path="/people" element={<PeoplePage />} />
              <Route path="*" element={<NoSuchPage />} />
            </Route>
          </Routes>
        </KeysProvider>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

/** Lets nobody in who is not signed in, and remembers where they wanted to be. */
function SignedIn() {
  const session = useSession();
  const here = useLocation();
  const isOut = session.data?.kind === "signed-out" && session.data.because !== "left";
  useEffect(() => {
    if (isOut) keepWanted(here.pathname + here.search);
  }, [isOut, here.pathname, here.search]);

  if (session.data?.kind === "signed-in") {
    return (
      <LiveProvider>
        <ZoneProvider>
          <WhereProvider>
            <Shell session={session.data.session} />
          </WhereProvider>
        </ZoneProvider>
      </LiveProvider>
    );
  }
  if (session.data?.kind === "signed-out") return <Navigate to="/sign-in" replace />;
  return (
    <main className="sign-in" id="main">
      <h1 className="for-readers">WWS Fleet</h1>
      {session.error && !session.isFetching ? (
        <Failed what="your session" error={session.error} onRetry={() => void session.refetch()} />
      ) : (
        <Loading what="the manager" rows={3} />
      )}
    </main>
  );
}
