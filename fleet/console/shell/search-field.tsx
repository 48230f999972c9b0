import { type FormEvent, useRef } from "react";
import { useNavigate } from "react-router";
import { writeHostList } from "../address/host-list.ts";
import { readTyped, writeChips } from "../address/selector.ts";
import { useKeyCommands } from "../keys/keys.tsx";
import { Icon } from "./icons.tsx";

/** The one search field: names, serials, places, classes, or parts of a selector like `link=lost`. */
export function SearchField() {
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  useKeyCommands({
    search: () => {
      field.current?.focus();
      field.current?.select();
    },
  });
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const { chips, words } = readTyped(field.current?.value ?? "");
    const sort = { key: "name", isDescending: false } as const;
    void navigate(writeHostList({ selector: writeChips(chips), words, sort }));
    field.current?.blur();
    if (field.current !== null) field.current.value = "";
  };
  return (
    <search className="search">
      <form onSubmit={search}>
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          aria-label="Search for hosts"
          aria-keyshortcuts="/"
          placeholder="host, serial, place, link=lost"
          autoComplete="off"
          spellCheck={false}
        />
        <span className="key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  );
}
