import type { Notes } from "./notes.ts";
import type { RedfishAnswer } from "./redfish-facts.ts";
import { isObject, type Json, Resource } from "./resource.ts";

/** More resources than these are not looked at. */
export const resourcesMax = 5_000;
export const membersMax = 1_000;

/** The answers of a service by path. An error body is never a resource, whatever its status. */
export class RedfishTree {
  readonly #resources = new Map<string, Resource>();
  /** Further pages of collections, by their whole link. */
  readonly #pages = new Map<string, Resource>();
  readonly #failed = new Map<string, string>();
  readonly #notes: Notes;

  constructor(answers: readonly RedfishAnswer[], notes: Notes) {
    this.#notes = notes;
    if (answers.length > resourcesMax)
      notes.add("", "left-out", `${answers.length - resourcesMax} more resources`);
    for (const answer of answers.slice(0, resourcesMax)) this.#take(answer);
  }

  /** undefined: the service was not asked, or said that it is not there. */
  find(link: string | null): Resource | undefined {
    return link === null ? undefined : this.#resources.get(plainPath(link));
  }

  /** What a link in `from` leads to; a link that ends in an error is noted. */
  follow(from: Resource | undefined, key: string): Resource | undefined {
    const link = from?.link(key) ?? null;
    if (from === undefined || link === null) return undefined;
    return this.#arrive(from, link);
  }

  /** The members of the collection behind a link, each once. */
  members(from: Resource | undefined, key: string): readonly Resource[] {
    const collection = this.follow(from, key);
    return collection === undefined ? [] : this.membersOf(collection);
  }

  /** Over all pages that were fetched. */
  membersOf(collection: Resource): readonly Resource[] {
    const found = [...this.listed(collection, "Members")];
    const seen = new Set<string>();
    let page: Resource | undefined = collection;
    while (page !== undefined && found.length < membersMax) {
      const next: unknown = page.json["Members@odata.nextLink"];
      if (typeof next !== "string" || seen.has(next)) break;
      seen.add(next);
      page = this.#pages.get(next);
      if (page !== undefined) found.push(...this.listed(page, "Members"));
    }
    return found;
  }

  /** What the links of an array lead to; members that came with their content count too. */
  listed(from: Resource, key: string): readonly Resource[] {
    const found = new Map<string, Resource>();
    for (const entry of from.entries(key, membersMax)) {
      const path = plainPath(entry.path);
      if (found.has(path)) continue;
      const isInline = Object.keys(entry.json).some((name) => !name.startsWith("@"));
      const resource = this.#arrive(from, path, isInline) ?? (isInline ? entry : undefined);
      if (resource !== undefined) found.set(path, resource);
    }
    return [...found.values()];
  }

  /** For single resources that were recorded without the collection that names them. */
  ofType(type: string): readonly Resource[] {
    return [...this.#resources.values()].filter(
      ({ json }) =>
        typeof json["@odata.type"] === "string" && json["@odata.type"].startsWith(`#${type}.`),
    );
  }

  #arrive(from: Resource, link: string, isQuiet = false): Resource | undefined {
    const path = plainPath(link);
    const found = this.#resources.get(path);
    const failure = this.#failed.get(path);
    if (found === undefined && failure !== undefined && !isQuiet)
      this.#notes.add(from.path, "broken-link", `${path} answers ${failure}`);
    return found;
  }

  #take({ path, status, body }: RedfishAnswer): void {
    const plain = plainPath(path);
    if (status !== null && (status < 200 || status > 299)) {
      this.#failed.set(plain, `HTTP ${status}`);
      return;
    }
    if (!isObject(body)) {
      this.#failed.set(plain, "no JSON object");
      this.#notes.add(plain, "wrong-type", "the answer is no JSON object");
      return;
    }
    if (isErrorBody(body)) {
      this.#failed.set(plain, "an error");
      this.#notes.add(plain, "error-body", "an error stands where a resource is meant");
      return;
    }
    if (path.includes("?")) this.#pages.set(path, new Resource(plain, body, this.#notes));
    else if (!this.#resources.has(plain))
      this.#resources.set(plain, new Resource(plain, body, this.#notes));
  }
}

/** `{"error": {...}}` beside nothing of a resource's own. */
export function isErrorBody(body: Json): boolean {
  return isObject(body["error"]) && body["@odata.id"] === undefined;
}

/** Without fragment, query and last slash: the same resource has one path. */
export function plainPath(path: string): string {
  const plain = path.slice(0, 512).replace(/[#?].*$/, "");
  return plain.length > 1 && plain.endsWith("/") ? plain.slice(0, -1) : plain;
}
