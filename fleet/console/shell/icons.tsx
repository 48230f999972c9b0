import type { JSX } from "react";

export type IconName =
  | "fleet"
  | "racks"
  | "hosts"
  | "plans"
  | "inbox"
  | "reports"
  | "audit"
  | "people"
  | "search"
  | "keys";

/** Line drawings of 16 px; the word always stands beside or is told to readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}

const drawings: Readonly<Record<IconName, JSX.Element>> = {
  fleet: <path d="M2 6V2h4v4zM10 6V2h4v4zM2 14v-4h4v4zM10 14v-4h4v4z" />,
  racks: <path d="M4 1.5h8v13H4zM4 4.5h8M4 7.5h8M4 10.5h8" />,
  hosts: <path d="M2 3h12v3.5H2zM2 9.5h12V13H2zM4.5 4.75h1M4.5 11.25h1" />,
  plans: <path d="M3 1.5h10v13H3zM5.5 5h1M8.5 5h2M5.5 8h1M8.5 8h2M5.5 11h1M8.5 11h2" />,
  reports: <path d="M2 14.5h12M4 12V8M8 12V3M12 12V6" />,
  audit: <path d="M3 1.5h7l3 3v10H3zM5.5 7h5M5.5 9.5h5M5.5 12h3" />,
  people: (
    <path d="M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 14a4.5 4.5 0 0 1 9 0M11 3.2a2.5 2.5 0 0 1 0 4.6M12 9.7a4.5 4.5 0 0 1 2.5 4.3" />
  ),
  inbox: <path d="M2 9.5 4 2.5h8l2 7v4H2zM2 9.5h3.5l1 2h3l1-2H14" />,
  search: <path d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3 14 14" />,
  keys: <path d="M1.5 4h13v8h-13zM4 6.5h1M7.5 6.5h1M11 6.5h1M5 9.5h6" />,
};
