import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Outlet, useLocation, useNavigate } from "react-router";
import type { Session } from "#fleet/api/session-schemas.ts";
import { CellNotes } from "../parts/cell-notes.tsx";
import { FreezeButton, FreezeNote } from "../parts/freeze.tsx";
import { SessionProvider } from "../parts/may.tsx";
import { signOut } from "../api/session.ts";
import { useKeyCommands } from "../keys/keys.tsx";
import { focusRow } from "../keys/row-focus.ts";
import { Clock } from "./clock.tsx";
import { Icon } from "./icons.tsx";
import { KeyHelp } from "./key-help.tsx";
import { LinkState } from "./link-state.tsx";
import { Palette } from "./palette.tsx";
import type { PaletteAction } from "./palette-entries.ts";
import { Rail } from "./rail.tsx";
import { SearchField } from "./search-field.tsx";
import { StaleNote } from "./stale-note.tsx";
import { WherePath } from "./where.tsx";

/** What stands around every page: pages, path, search, clock, and how fresh all of it is. */
export function Shell({ session }: { readonly session: Session }) {
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const close = () => setOpen(null);
  const onAction = (action: PaletteAction): void => {
    if (action === "help") setOpen("keys");
    if (action === "copy-link") void navigator.clipboard.writeText(location.href);
    if (action === "sign-out") void signOut(queries);
  };
  useKeyCommands({
    palette: () => setOpen("palette"),
    help: () => setOpen("keys"),
    "go-fleet": () => void navigate("/"),
    "go-racks": () => void navigate("/racks"),
    "go-hosts": () => void navigate("/hosts"),
    "go-plans": () => void navigate("/plans"),
    "go-inbox": () => void navigate("/inbox"),
    "go-reports": () => void navigate("/reports"),
    next: () => focusRow("next"),
    previous: () => focusRow("previous"),
  });
  useFocusOnPage();

  return (
    <SessionProvider session={session}>
      <div className="shell">
        <a className="skip" href="#main">
          skip to the page
        </a>
        <header className="top-bar">
          <WherePath />
          <SearchField />
          <button
            type="button"
            className="button palette-button"
            onClick={() => setOpen("palette")}
          >
            <span className="narrow-only">
              <Icon name="search" />
              <span className="for-readers">go anywhere</span>
            </span>
            <span className="wide-only">go to</span> <kbd>Ctrl K</kbd>
          </button>
          <FreezeButton />
          <LinkState />
          <Clock />
        </header>
        <aside className="rail" aria-label="Console">
          <p className="brand">WWS Fleet</p>
          <Rail />
          <div className="rail-foot">
            <button type="button" className="rail-button" onClick={() => setOpen("keys")}>
              <Icon name="keys" />
              keys <kbd>?</kbd>
            </button>
            <p className="dim small">
              signed in as <span className="mono">{session.name}</span>
            </p>
            <button type="button" className="button small" onClick={() => void signOut(queries)}>
              sign out
            </button>
          </div>
        </aside>
        <main id="main">
          <FreezeNote />
          <StaleNote />
          <CellNotes />
          <Outlet />
        </main>
        {open === "palette" ? <Palette onClose={close} onAction={onAction} /> : null}
        {open === "keys" ? <KeyHelp onClose={close} /> : null}
      </div>
    </SessionProvider>
  );
}

/** A new page begins at its heading, for the eye and for a reader alike. */
function useFocusOnPage(): void {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo({ top: 0 });
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, [pathname]);
}
