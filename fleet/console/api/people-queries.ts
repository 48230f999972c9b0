import { queryOptions } from "@tanstack/react-query";
import type { AuditList, AuditVerdictView } from "#fleet/api/audit-schemas.ts";
import type { FreezeView } from "#fleet/api/freeze-schemas.ts";
import type { ApiTokenList, RoleList, UserList } from "#fleet/api/people-schemas.ts";
import { type AuditAsk, auditQuery } from "../address/audit-ask.ts";
import { apiGet } from "./client.ts";

/** What is asked about people, about what they did, and whether the cell is frozen. */
export const peopleAsks = {
  freeze: () =>
    queryOptions({
      queryKey: ["freeze"],
      queryFn: ({ signal }) => apiGet<FreezeView>("/freeze", signal),
    }),
  audit: (ask: AuditAsk) =>
    queryOptions({
      queryKey: ["audit", auditQuery(ask)],
      queryFn: ({ signal }) => apiGet<AuditList>(`/audit?${auditQuery(ask)}`, signal),
    }),
  auditChain: () =>
    queryOptions({
      queryKey: ["audit-chain"],
      queryFn: ({ signal }) => apiGet<AuditVerdictView>("/audit/verify", signal),
      // It reads the whole record: asked once for a page, and again when somebody wants it.
      staleTime: Number.POSITIVE_INFINITY,
    }),
  users: () =>
    queryOptions({
      queryKey: ["users"],
      queryFn: ({ signal }) => apiGet<UserList>("/users", signal),
    }),
  tokens: () =>
    queryOptions({
      queryKey: ["api-tokens"],
      queryFn: ({ signal }) => apiGet<ApiTokenList>("/tokens", signal),
    }),
  roles: () =>
    queryOptions({
      queryKey: ["roles"],
      queryFn: ({ signal }) => apiGet<RoleList>("/roles", signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
} as const;
