import { useMutation } from "@tanstack/react-query";
import type { ApiToken } from "#fleet/api/people-schemas.ts";
import { apiDelete } from "../../api/client.ts";
import { Ago } from "../../parts/time.tsx";
import { Command } from "../../parts/copy.tsx";
import { WideTable } from "../../parts/wide-table.tsx";

/** Without their secrets: those are known to their owners alone. */
export function TokenTable({
  tokens,
  onDone,
}: {
  readonly tokens: readonly ApiToken[];
  readonly onDone: () => void;
}) {
  const revoke = useMutation({
    mutationFn: (id: string) => apiDelete(`/tokens/${encodeURIComponent(id)}`),
    onSuccess: onDone,
  });
  return (
    <>
      {tokens.length === 0 ? (
        <p>
          None. This makes one: <Command text="npx wws-fleet token add NAME" />
        </p>
      ) : (
        <WideTable name="API tokens">
          <table className="table" aria-label="API tokens">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Owner</th>
                <th scope="col">May</th>
                <th scope="col">Used</th>
                <th scope="col">Over</th>
                <th scope="col">
                  <span className="for-readers">What may be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.map((token) => (
                <tr key={token.id} data-token={token.id}>
                  <th scope="row">{token.name}</th>
                  <td>{token.owner ?? "nobody: the data folder"}</td>
                  <td>
                    {token.grants === null
                      ? "all that its owner may"
                      : token.grants
                          .map(({ role, scope }) =>
                            scope === "all" ? role : `${role} for ${scope}`,
                          )
                          .join(", ")}
                  </td>
                  <td>
                    <Ago timeMs={token.lastUsedMs} />
                  </td>
                  <td>
                    <Ago timeMs={token.expiresMs} />
                  </td>
                  <td>
                    <button
                      type="button"
                      className="button small"
                      disabled={revoke.isPending}
                      aria-label={`revoke the token ${token.name}`}
                      onClick={() => revoke.mutate(token.id)}
                    >
                      revoke
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </WideTable>
      )}
      {revoke.error === null ? null : (
        <p role="alert" className="notice notice-bad slim">
          {revoke.error.message}
        </p>
      )}
    </>
  );
}
