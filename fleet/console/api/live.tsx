import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { LiveEvent } from "./event-text.ts";
import { keepLive, type LiveState } from "./live-connection.ts";
import { endSession } from "./session.ts";

type Listener = (event: LiveEvent) => void;

interface Live {
  readonly state: LiveState;
  subscribe(listener: Listener): () => void;
}

const LiveContext = createContext<Live | null>(null);

/**
 * One event stream for the page. Events are small and only say what moved; whoever shows it fetches
 * it again, at most twice a second.
 */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>({ kind: "connecting" });
  const listeners = useRef(new Set<Listener>());

  useEffect(() => {
    const stop = new AbortController();
    const onEvent = (event: LiveEvent): void => {
      // The stream lost events that we cannot have back: everything shown is fetched again.
      // A cell that comes or goes changes what every answer is made of.
      if (event.kind === "reset" || event.kind === "cell-changed") void queries.invalidateQueries();
      for (const listener of listeners.current) listener(event);
    };
    const onRefused = () => endSession(queries);
    let wasLost = false;
    const onState = (next: LiveState): void => {
      setState(next);
      // Questions that failed meanwhile are not repeated by themselves.
      if (next.kind === "live" && wasLost) void queries.invalidateQueries();
      wasLost = next.kind === "reconnecting";
    };
    void keepLive({ onState, onEvent, onRefused }, stop.signal);
    return () => stop.abort();
  }, [queries]);

  const subscribe = useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => {
      listeners.current.delete(listener);
    };
  }, []);
  const live = useMemo(() => ({ state, subscribe }), [state, subscribe]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLiveState(): LiveState {
  return useLive().state;
}

/** Calls back when an event that `matches` came, at once and then at most every `everyMs`. */
export function useLiveRefresh(
  matches: (event: LiveEvent) => boolean,
  refresh: () => void,
  everyMs = 500,
): void {
  const { subscribe } = useLive();
  const latest = useRef({ matches, refresh });
  useEffect(() => {
    latest.current = { matches, refresh };
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isDue = false;
    const run = (): void => {
      timer = null;
      if (!isDue) return;
      isDue = false;
      timer = setTimeout(run, everyMs);
      latest.current.refresh();
    };
    const unsubscribe = subscribe((event) => {
      if (!latest.current.matches(event)) return;
      isDue = true;
      if (timer === null) run();
    });
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
    };
  }, [subscribe, everyMs]);
}

function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error("LiveProvider is missing above this component");
  return live;
}
