import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { type Capability, isRole, type Role, roleNames, roles } from "./roles.ts";

/** A role, and the hosts for which somebody has it: every one, those of a site, or those with a tag. */
export interface Grant {
  readonly role: Role;
  readonly scope: Scope;
}

/** `all`, `site=fra2`, `tag=web`. */
export type Scope = "all" | `site=${string}` | `tag=${string}`;

/** Where a thing is. A host without a position belongs to no site. */
export interface Place {
  readonly site: string | null;
  readonly tags: readonly string[];
}

/** Every role for every host: whoever owns the manager's data, and everybody in profile `lab`. */
export const everything: readonly Grant[] = roleNames.map((role) => ({ role, scope: "all" }));

const siteForm = /^[a-z0-9]{2,8}$/;
const tagForm = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,62}$/;

/** `all`, `site=fra2`, `tag=web` → a scope; the problem is a sentence. */
export function parseScope(text: string): Result<Scope, string> {
  if (text === "all") return ok<Scope>("all");
  const [, kind, name = ""] = /^(site|tag)=(.*)$/.exec(text) ?? [];
  if (kind === "site" && siteForm.test(name)) return ok<Scope>(`site=${name}`);
  if (kind === "tag" && tagForm.test(name)) return ok<Scope>(`tag=${name}`);
  return fail(`"${text.slice(0, 80)}" is no scope: write all, site=fra2 or tag=web`);
}

/** The problem is a sentence. */
export function checkGrant(role: string, scopeText: string): Result<Grant, string> {
  if (!isRole(role)) {
    return fail(`there is no role "${role.slice(0, 40)}": there are ${roleNames.join(", ")}`);
  }
  const scope = parseScope(scopeText);
  if (!scope.ok) return scope;
  if (roles[role].isForWholeCell && scope.value !== "all")
    return fail(`the role ${role} concerns the whole cell: it is given for all, not ${scopeText}`);
  return ok({ role, scope: scope.value });
}

/** `operator for site=fra2`. */
export function grantWords({ role, scope }: Grant): string {
  return scope === "all" ? role : `${role} for ${scope}`;
}

function covers(scope: Scope, place: Place): boolean {
  if (scope === "all") return true;
  const name = scope.slice(scope.indexOf("=") + 1);
  return scope.startsWith("site=") ? place.site === name : place.tags.includes(name);
}

/** May they, at this place? null: something that concerns the cell as a whole. */
export function mayAt(
  grants: readonly Grant[],
  capability: Capability,
  place: Place | null,
): boolean {
  return grants.some(
    ({ role, scope }) =>
      roles[role].may.includes(capability) &&
      (scope === "all" || (place !== null && covers(scope, place))),
  );
}

/** May they anywhere at all? */
export function maySomewhere(grants: readonly Grant[], capability: Capability): boolean {
  return grants.some(({ role }) => roles[role].may.includes(capability));
}

/**
 * Does having `held` let one do all that `wanted` would? By what roles let one do, so that an operator
 * may hand on the role of a viewer.
 */
export function isNoWider(wanted: readonly Grant[], held: readonly Grant[]): boolean {
  return wanted.every(({ role, scope }) =>
    roles[role].may.every((capability) =>
      held.some(
        (own) =>
          roles[own.role].may.includes(capability) && (own.scope === "all" || own.scope === scope),
      ),
    ),
  );
}

/**
 * What both lists let one do: of a token and of its owner. A role stays where the other list has all
 * of what it gives for at least that scope; else nothing of it does.
 */
export function bothGrants(one: readonly Grant[], other: readonly Grant[]): readonly Grant[] {
  return uniqueGrants([
    ...one.filter((grant) => isNoWider([grant], other)),
    ...other.filter((grant) => isNoWider([grant], one)),
  ]);
}

/** Each once, in one order. */
export function uniqueGrants(grants: readonly Grant[]): readonly Grant[] {
  const byWords = new Map(grants.map((grant) => [`${grant.role} ${grant.scope}`, grant]));
  return [...byWords].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
}
