import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { asks } from "../api/queries.ts";
import { Dialog } from "./dialog.tsx";
import {
  actionEntries,
  findEntries,
  hostEntries,
  type PaletteAction,
  type PaletteEntry,
  pageEntries,
  rackEntries,
  rankHosts,
  siteEntries,
} from "./palette-entries.ts";

const hostsMax = 8;
/** More are asked for than shown, so that the best of them can stand first. */
const hostsAsked = 100;
const shownMax = 12;

/** Type a part of anything – page, site, rack, host, action – and Enter goes there. */
export function Palette({
  onClose,
  onAction,
}: {
  readonly onClose: () => void;
  readonly onAction: (action: PaletteAction) => void;
}) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const entries = usePaletteEntries(typed);
  const active = entries[Math.min(at, entries.length - 1)];

  useEffect(() => {
    list.current
      ?.querySelector(`[id="${CSS.escape(active?.id ?? "")}"]`)
      ?.scrollIntoView({ block: "nearest" });
  }, [active?.id]);

  const choose = (entry: PaletteEntry): void => {
    onClose();
    if ("to" in entry.goal) void navigate(entry.goal.to);
    else onAction(entry.goal.action);
  };
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined && entries.length > 0) {
      event.preventDefault();
      setAt((now) => (Math.min(now, entries.length - 1) + by + entries.length) % entries.length);
    }
    if (event.key === "Enter" && active !== undefined) {
      event.preventDefault();
      choose(active);
    }
  };

  return (
    <Dialog label="Go anywhere" onClose={onClose}>
      <input
        className="palette-field"
        role="combobox"
        aria-label="Page, site, rack, host or action"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={active?.id}
        aria-autocomplete="list"
        placeholder="page, site, rack, host or action"
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div ref={list} id={listId} role="listbox" aria-label="Found" className="palette-list">
        {entries.map((entry) => (
          // The field above has the keys; a click is the mouse's way to the same.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={entry.id}
            id={entry.id}
            role="option"
            tabIndex={-1}
            aria-selected={entry === active}
            onClick={() => choose(entry)}
          >
            <span className="mono">{entry.words}</span>
            <span className="dim small">{entry.hint}</span>
          </div>
        ))}
      </div>
      {entries.length === 0 ? <p className="dim">Nothing is called that.</p> : null}
    </Dialog>
  );
}

function usePaletteEntries(typed: string): readonly PaletteEntry[] {
  const words = typed.trim();
  const regions = useQuery(asks.regions());
  const racks = useQuery(asks.racks(null));
  const sort = { key: "name", isDescending: false } as const;
  const hosts = useQuery({
    ...asks.hosts({ selector: "", words, sort, limit: hostsAsked }),
    enabled: words !== "",
    placeholderData: keepPreviousData,
  });
  const places = [
    ...(regions.data ? siteEntries(regions.data) : []),
    ...(racks.data ? rackEntries(racks.data.items) : []),
  ];
  const found =
    words === "" ? [] : hostEntries(rankHosts(hosts.data?.items ?? [], words).slice(0, hostsMax));
  return [
    ...findEntries([...pageEntries, ...(words === "" ? [] : places)], typed, shownMax),
    ...found,
    ...findEntries(actionEntries, typed, shownMax),
  ];
}
