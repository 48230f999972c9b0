import type { Person } from "#fleet/identity/people.ts";
import { type Capability, rolesThatMay } from "#fleet/identity/roles.ts";
import { ApiError } from "./problems.ts";
import type { Access, Route } from "./route.ts";
import { createScopeFinder, type ScopeParts, type Touched } from "./find-scope.ts";
import { type Sight, sightOf } from "./sight.ts";

/** Decides, for every route in one place, whether somebody may do what they ask for. */
export interface Authority {
  sightOf(person: Person | null): Sight;
  /**
   * Before the handler runs. Throws ApiError: `role-missing` with what is missing and who can grant
   * it; and what the thing's own absence would be where they may not even see it.
   */
  check(route: Pick<Route, "access">, ask: AuthorityAsk): Promise<void>;
}

export interface AuthorityAsk {
  readonly person: Person | null;
  readonly sight: Sight;
  readonly params: unknown;
  readonly body: unknown;
}

export function createAuthority(parts: ScopeParts): Authority {
  const findTouched = createScopeFinder(parts);
  const nobodys = sightOf([]);
  return {
    sightOf: (person) => (person === null ? nobodys : sightOf(person.grants)),
    async check({ access }, { person, sight, params, body }) {
      if (access.who === "anyone" || access.may === "self" || person === null) return;
      const { may } = access;
      // Whoever may do this nowhere learns nothing of what there is.
      if (!sight.maySomewhere(may)) throw missing(person, may, { words: "", scope: "all" });
      const touched = await findTouched(access.of, { params, body, sight });
      if (touched === "cell") {
        if (!sight.may(may, null)) throw missing(person, may, wholeCell);
        return;
      }
      const refused = touched.filter(({ placed }) => !sight.may(may, placed));
      const [first] = refused;
      if (first !== undefined) throw missing(person, may, wordsOf(refused, first));
    },
  };
}

/** For a manager that cannot tell where a thing is: whoever asks needs the role for all of it. */
export const cellWideAuthority: Authority = {
  sightOf: (person) => sightOf(person?.grants ?? []),
  async check({ access }, { person, sight }) {
    if (access.who === "anyone" || access.may === "self" || person === null) return;
    if (!sight.may(access.may, null)) throw missing(person, access.may, wholeCell);
  },
};

const wholeCell = { words: " for the whole cell", scope: "all" };
const namedMax = 3;

function wordsOf(
  refused: readonly Touched[],
  first: Touched,
): { readonly words: string; readonly scope: string } {
  const named = refused.slice(0, namedMax).map(({ name, placed }) => {
    const site = placed.position?.site;
    return site === undefined ? `${name} (no site)` : `${name} (site ${site})`;
  });
  const more = refused.length - named.length;
  const words = ` for ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const site = first.placed.position?.site;
  return { words, scope: site === undefined ? "all" : `site=${site}` };
}

function missing(
  person: Person,
  may: Capability,
  where: { readonly words: string; readonly scope: string },
): ApiError {
  const [role = "viewer"] = rolesThatMay(may);
  const who = person.token === null ? person.name : `the token ${person.token} of ${person.name}`;
  const named = /^[a-z0-9._-]+$/i.test(person.name) ? person.name : "NAME";
  const command = `wws-fleet user grant ${named} ${role} ${where.scope}`;
  const narrower =
    person.token === null ? "" : "; or use a token that may, where its owner may already";
  return new ApiError("role-missing", `${who} has no role with "${may}"${where.words}`, {
    hint: `somebody with the role security can grant it: \`${command}\`${narrower}`,
  });
}

/** What a route asks for, in words for its description. */
export function accessWords(access: Access): string {
  if (access.who === "anyone") return "anyone";
  if (access.may === "self") return "everybody who is signed in";
  return rolesThatMay(access.may).join(", ");
}
