import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from "react";

/** One time for all charts of a page: where the pointer or the keyboard is. */
interface Cursor {
  timeMs(): number | null;
  set(timeMs: number | null): void;
  subscribe(listener: () => void): () => void;
}

const CursorContext = createContext<Cursor | null>(null);

export function CursorProvider({ children }: { readonly children: ReactNode }) {
  const cursor = useMemo(createCursor, []);
  return <CursorContext value={cursor}>{children}</CursorContext>;
}

/** The time that is pointed at, drawn again when it moves. */
export function useCursorTime(): number | null {
  const cursor = useCursor();
  return useSyncExternalStore(cursor.subscribe, cursor.timeMs);
}

/** Moves the cursor of all charts; stable. */
export function useSetCursor(): (timeMs: number | null) => void {
  return useCursor().set;
}

/** Calls back when the cursor moves, without drawing anything again. */
export function useOnCursor(listener: (timeMs: number | null) => void): void {
  const cursor = useCursor();
  useEffect(() => cursor.subscribe(() => listener(cursor.timeMs())), [cursor, listener]);
}

function useCursor(): Cursor {
  const cursor = useContext(CursorContext);
  if (cursor === null) throw new Error("CursorProvider is missing above this component");
  return cursor;
}

function createCursor(): Cursor {
  let now: number | null = null;
  const listeners = new Set<() => void>();
  return {
    timeMs: () => now,
    set(timeMs) {
      if (timeMs === now) return;
      now = timeMs;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
