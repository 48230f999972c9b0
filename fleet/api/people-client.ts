import type { Static, TSchema } from "typebox";
import type { Query } from "./client.ts";
import { type FreezeView, freezeSchema } from "./freeze-schemas.ts";
import type { Asking } from "./life-client.ts";
import {
  type AddedToken,
  addedTokenSchema,
  type ApiTokenList,
  apiTokenListSchema,
  type GrantView,
  type RoleList,
  roleListSchema,
  type UserList,
  userListSchema,
  userSchema,
  type UserView,
} from "./people-schemas.ts";
import { type Session, sessionSchema } from "./session-schemas.ts";

/** Who may do what, as functions. */
export interface PeopleClient {
  whoAmI(): Promise<Session>;
  roles(): Promise<RoleList>;
  users(): Promise<UserList>;
  user(name: string): Promise<UserView>;
  addUser(user: object, key: string): Promise<UserView>;
  setUser(name: string, verb: "disable" | "enable", reason: string): Promise<UserView>;
  changeGrants(
    name: string,
    change: { readonly add?: readonly GrantView[]; readonly remove?: readonly GrantView[] },
    reason: string,
  ): Promise<UserView>;
  setPassword(name: string, password: string | null, reason: string): Promise<UserView>;
  apiTokens(): Promise<ApiTokenList>;
  /** `key`: none; its answer holds a secret that nobody keeps. */
  addApiToken(token: object): Promise<AddedToken>;
  revokeApiToken(id: string): Promise<void>;
  /** Stops everything that changes a host. */
  freeze(reason: string): Promise<FreezeView>;
  unfreeze(reason: string): Promise<FreezeView>;
  frozen(): Promise<FreezeView>;
}

export function createPeopleClient({
  get,
  post,
  remove,
  removed,
}: Asking & {
  /** A DELETE that answers what is left. */
  removed<Schema extends TSchema>(
    schema: Schema,
    path: string,
    query: Query,
  ): Promise<Static<Schema>>;
}): PeopleClient {
  const user = (name: string, rest = "") => `/users/${encodeURIComponent(name)}${rest}`;
  return {
    whoAmI: () => get(sessionSchema, "/session"),
    roles: () => get(roleListSchema, "/roles"),
    users: () => get(userListSchema, "/users"),
    user: (name) => get(userSchema, user(name)),
    addUser: (wanted, key) => post(userSchema, "/users", wanted, key),
    setUser: (name, verb, reason) => post(userSchema, user(name, `/${verb}`), { reason }, null),
    changeGrants: (name, change, reason) =>
      post(userSchema, user(name, "/grants"), { ...change, reason }, null),
    setPassword: (name, password, reason) =>
      post(userSchema, user(name, "/password"), { password, reason }, null),
    apiTokens: () => get(apiTokenListSchema, "/tokens"),
    addApiToken: (wanted) => post(addedTokenSchema, "/tokens", wanted, null),
    frozen: () => get(freezeSchema, "/freeze"),
    freeze: (reason) => post(freezeSchema, "/freeze", { reason }, null),
    unfreeze: (reason) => removed(freezeSchema, "/freeze", { reason }),
    revokeApiToken: (id) => remove(`/tokens/${encodeURIComponent(id)}`),
  };
}
