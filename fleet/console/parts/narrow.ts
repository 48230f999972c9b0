import { useSyncExternalStore } from "react";

/** The width at which tables become two lines a row; the style sheets have the same. */
const narrow = window.matchMedia("(max-width: 719px)");

export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}
