import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import type { HostListChange, HostListPage } from "../../address/host-list.ts";
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
  onChange,
}: {
  readonly ask: HostListPage;
  readonly onChange: (change: HostListChange) => void;
}) {
  const chips = readChips(ask.selector);
  const changeChips = (change: (chips: readonly Chip[]) => readonly Chip[]): void =>
    onChange((now) => ({ ...now, selector: writeChips(change(readChips(now.selector))) }));
  return (
    <search className="filter-bar" aria-label="Filter">
      {chips.length === 0 ? null : (
        <ul className="chips">
          {chips.map((chip) => (
            <li key={chipText(chip)}>
              <button
                type="button"
                className="chip"
                onClick={() => changeChips((now) => removeChip(now, chip))}
              >
                <span className="mono">{chipText(chip)}</span>
                <span aria-hidden="true">×</span>
                <span className="for-readers">take away</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Words
        onWords={(words) => onChange((now) => ({ ...now, words }))}
        onChips={(typed) => changeChips((now) => typed.reduce(addChip, now))}
      />
      <AddFilter onAdd={(chip) => changeChips((now) => addChip(now, chip))} />
    </search>
  );
}

function Words({
  onWords,
  onChips,
}: {
  readonly onWords: (words: string) => void;
  readonly onChips: (chips: readonly Chip[]) => void;
}) {
  const [text, setText] = useAddressText("q", onWords);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const typed = readTyped(text);
    if (typed.words !== text) setText(typed.words);
    if (typed.chips.length > 0) onChips(typed.chips);
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
