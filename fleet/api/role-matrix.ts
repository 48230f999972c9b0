import { mayAt } from "#fleet/identity/grants.ts";
import {
  capabilities,
  capabilityNames,
  type Role,
  roleNames,
  roles,
} from "#fleet/identity/roles.ts";
import type { Route } from "./route.ts";
import { type ScopeSource, scopeSources } from "./scope-source.ts";

/** What a role gives on a route: for what is in its scope. */
export type Right = "yes" | "no";

/** What is declared: of one route, for each role where its grant covers the thing. */
export interface MatrixRow {
  readonly route: string;
  readonly who: Route["access"]["who"];
  readonly may: string;
  readonly of: ScopeSource | "self" | "anyone";
  readonly rights: Readonly<Record<Role, Right>>;
}

export function matrixRow(route: Pick<Route, "method" | "path" | "access">): MatrixRow {
  const { access } = route;
  const name = `${route.method} ${route.path.replace("/api/v1", "").replaceAll(/:([a-z]+)/gi, "{$1}")}`;
  const rights = (isRight: (role: Role) => boolean) =>
    Object.fromEntries(
      roleNames.map((role) => [role, isRight(role) ? "yes" : "no"] as const),
    ) as Record<Role, Right>;
  if (access.who === "anyone")
    return { route: name, who: "anyone", may: "", of: "anyone", rights: rights(() => true) };
  const { who, may } = access;
  if (may === "self") return { route: name, who, may, of: "self", rights: rights(() => true) };
  return {
    ...{ route: name, who, may, of: access.of },
    rights: rights((role) => mayAt([{ role, scope: "all" }], may, null)),
  };
}

/** docs/roles.md: made from what is declared, so that it cannot say something else. */
export function writeRolesDocument(rows: readonly MatrixRow[]): string {
  const lines = [
    "# Roles",
    "",
    "Made from the definitions of the roles and of the routes: `vitest run fleet/api/role-matrix.test.ts -u` writes it anew.",
    "How people get roles: [operating/people.md](operating/people.md).",
    "",
    "A person has roles, each for all hosts, for those of a site (`site=fra2`) or for those with a tag (`tag=web`); without a",
    "role they may do nothing. What a role gives:",
    "",
    `| | ${roleNames.join(" | ")} |`,
    `|---|${roleNames.map(() => ":-:|").join("")}`,
    ...capabilityNames.map((capability) => {
      const marks = roleNames.map((role) => (roles[role].may.includes(capability) ? "●" : ""));
      return `| \`${capability}\`: ${capabilities[capability]} | ${marks.join(" | ")} |`;
    }),
    "",
    ...roleNames.map((role) => {
      const { words, isForWholeCell } = roles[role];
      return `- **${role}** ${words}${isForWholeCell ? "; for the whole cell only" : ""}.`;
    }),
    "",
    "## Routes",
    "",
    "Each asks for one of these, for what it touches; where that is more than one thing, for every one of them. What one may",
    "not see is answered as what is not there. `token`: a browser session is not enough.",
    "",
    `| route | asks for | of | ${roleNames.join(" | ")} |`,
    `|---|---|---|${roleNames.map(() => ":-:|").join("")}`,
    ...rows.map(({ route, who, may, of, rights }) => {
      const asks = who === "anyone" ? "nothing" : may === "self" ? "being signed in" : `\`${may}\``;
      const token = who === "api-token" ? ", token" : "";
      const where = of === "anyone" || of === "self" ? "" : scopeSources[of];
      const marks = roleNames.map((role) => (rights[role] === "yes" ? "●" : ""));
      return `| \`${route}\` | ${asks}${token} | ${where} | ${marks.join(" | ")} |`;
    }),
    "",
  ];
  return lines.join("\n");
}
