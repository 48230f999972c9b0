import { NavLink } from "react-router";
import { InboxCount } from "./inbox-count.tsx";
import { Icon, type IconName } from "./icons.tsx";

const pages: readonly { readonly to: string; readonly icon: IconName; readonly words: string }[] = [
  { to: "/", icon: "fleet", words: "Fleet" },
  { to: "/racks", icon: "racks", words: "Racks" },
  { to: "/hosts", icon: "hosts", words: "Hosts" },
  { to: "/plans", icon: "plans", words: "Plans" },
  { to: "/inbox", icon: "inbox", words: "Inbox" },
  { to: "/reports", icon: "reports", words: "Reports" },
  { to: "/audit", icon: "audit", words: "Audit" },
  { to: "/people", icon: "people", words: "People" },
];

/** The pages: at the left, or at the bottom of a narrow window. */
export function Rail() {
  return (
    <nav aria-label="Pages" className="rail-pages">
      <ul>
        {pages.map(({ to, icon, words }) => (
          <li key={to}>
            <NavLink to={to} end={to === "/"}>
              <Icon name={icon} />
              {words}
              {to === "/inbox" ? <InboxCount /> : null}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
