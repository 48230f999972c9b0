import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import type { HostListAsk } from "../../address/host-list.ts";
import {
  addChip,
  type Chip,
  chipText,
  readChips,
  readTyped,
  removeChip,
  writeChips,
} from "../../address/selector.ts";
import { asks } from "../../api/queries.ts";
import { useAddressText } from "../../parts/use-address-text.ts";
import { healthOrder, lifecycleOrder, linkOrder } from "../../words/state-words.ts";

/** What the list is filtered by: chips to take away, a list of more, and words to look for. */
export function FilterBar({
  ask,
  onAsk,
}: {
  readonly ask: HostListAsk;
  readonly onAsk: (ask: HostListAsk) => void;
}) {
  const chips = readChips(ask.selector);
  const setChips = (next: readonly Chip[]) => onAsk({ ...ask, selector: writeChips(next) });
  const takeTyped = (text: string): void => {
    const typed = readTyped(text);
    const all = typed.chips.reduce(addChip, chips);
    onAsk({ ...ask, selector: writeChips(all), words: typed.words });
  };
  return (
    <search className="filter-bar" aria-label="Filter">
      {chips.length === 0 ? null : (
        <ul className="chips">
          {chips.map((chip) => (
            <li key={chipText(chip)}>
              <button
                type="button"
                className="chip"
                onClick={() => setChips(removeChip(chips, chip))}
              >
                <span className="mono">{chipText(chip)}</span>
                <span aria-hidden="true">×</span>
                <span className="for-readers">take away</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Words words={ask.words} onWords={(words) => onAsk({ ...ask, words })} onEnter={takeTyped} />
      <AddFilter onAdd={(chip) => setChips(addChip(chips, chip))} />
    </search>
  );
}

function Words({
  words,
  onWords,
  onEnter,
}: {
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly onEnter: (text: string) => void;
}) {
  const [text, setText] = useAddressText(words, onWords);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const rest = readTyped(text).words;
    if (rest !== text) setText(rest);
    onEnter(text);
  };
  return (
    <form onSubmit={submit}>
      <input
        type="search"
        className="field filter-words"
        aria-label="Words to look for, or key=value and Enter"
        placeholder="name, serial, place, or key=value"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}

function AddFilter({ onAdd }: { readonly onAdd: (chip: Chip) => void }) {
  const regions = useQuery(asks.regions());
  const sites =
    regions.data?.items.flatMap((region) => region.sites.map((site) => site.code)) ?? [];
  const groups: readonly {
    readonly words: string;
    readonly key: Chip["key"];
    readonly values: readonly string[];
  }[] = [
    { words: "Link", key: "link", values: linkOrder },
    { words: "Lifecycle", key: "state", values: lifecycleOrder },
    { words: "Health", key: "health", values: healthOrder },
    { words: "Region", key: "region", values: ["na", "eu", "ea"] },
    { words: "Site", key: "site", values: [...sites, "none"] },
    { words: "Simulated", key: "simulated", values: ["true", "false"] },
  ];
  return (
    <select
      className="field"
      aria-label="Add a filter"
      value=""
      onChange={(event) => {
        const [chip] = readChips(event.target.value);
        if (chip !== undefined) onAdd(chip);
      }}
    >
      <option value="">add a filter</option>
      {groups.map(({ words, key, values }) => (
        <optgroup key={key} label={words}>
          {values.map((value) => (
            <option key={value} value={`${key}=${value}`}>
              {key}={value}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
