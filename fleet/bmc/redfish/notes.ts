import type { OddityKind, RedfishOddity } from "./redfish-facts.ts";

/** More oddities than these are only counted: a hostile service could make any number. */
export const odditiesMax = 200;

/** Collects what was not believed, each once. */
export class Notes {
  readonly #list: RedfishOddity[] = [];
  readonly #seen = new Set<string>();
  #leftOut = 0;

  add(path: string, kind: OddityKind, detail: string): void {
    if (this.#list.length >= odditiesMax) {
      this.#leftOut += 1;
      return;
    }
    const key = `${kind}\0${path}\0${detail}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#list.push({ path, kind, detail });
  }

  list(): readonly RedfishOddity[] {
    if (this.#leftOut === 0) return [...this.#list];
    const detail = `${this.#leftOut} more oddities were only counted`;
    return [...this.#list, { path: "", kind: "left-out", detail }];
  }
}
