import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { GrantView, UserView } from "#fleet/api/people-schemas.ts";
import { apiPost } from "../../api/client.ts";
import { peopleAsks } from "../../api/people-queries.ts";
import { ReasonedActions } from "../../parts/reasoned-actions.tsx";
import { Ago } from "../../parts/time.tsx";

export function UserList({
  users,
  onDone,
}: {
  readonly users: readonly UserView[];
  readonly onDone: () => void;
}) {
  return (
    <ul className="people" aria-label="People">
      {users.map((user) => (
        <li key={user.name} className="notice" data-user={user.name}>
          <UserEntry user={user} onDone={onDone} />
        </li>
      ))}
    </ul>
  );
}

function grantWords({ role, scope }: GrantView): string {
  return scope === "all" ? role : `${role} for ${scope}`;
}

function UserEntry({ user, onDone }: { readonly user: UserView; readonly onDone: () => void }) {
  const path = `/users/${encodeURIComponent(user.name)}`;
  const verb = user.isDisabled ? "enable" : "disable";
  const signsIn = user.isDisabled
    ? "disabled"
    : user.kind === "service"
      ? "a service"
      : user.hasPassword
        ? "by password or link"
        : "by link";
  return (
    <>
      <h2>
        <span className="mono">{user.name}</span>{" "}
        {user.displayName === user.name ? null : user.displayName}
      </h2>
      <p>
        {signsIn} · since <Ago timeMs={user.createdMs} /> ·{" "}
        {user.grants.length === 0 ? "may do nothing" : user.grants.map(grantWords).join(", ")}
      </p>
      <ReasonedActions
        of={user.name}
        actions={[
          {
            verb,
            meaning: user.isDisabled
              ? "With what they might do before."
              : "Nobody comes in by that name: sessions and tokens end at once.",
            whyNot: null,
            run: (reason) => apiPost(`${path}/${verb}`, { reason }),
          },
          ...user.grants.map((grant) => ({
            verb: `take ${grantWords(grant)}`,
            meaning: "At once; their sessions end, and they sign in as what they are.",
            whyNot: null,
            run: (reason: string) => apiPost(`${path}/grants`, { remove: [grant], reason }),
          })),
        ]}
        onDone={onDone}
      />
      <GiveRole name={user.name} onDone={onDone} />
    </>
  );
}

function GiveRole({ name, onDone }: { readonly name: string; readonly onDone: () => void }) {
  const roles = useQuery(peopleAsks.roles());
  const [role, setRole] = useState("viewer");
  const [scope, setScope] = useState("all");
  return (
    <details>
      <summary>give a role</summary>
      <div className="pair">
        <select
          className="field"
          aria-label={`Role for ${name}`}
          value={role}
          onChange={(event) => setRole(event.target.value)}
        >
          {(roles.data?.items ?? []).map((one) => (
            <option key={one.role}>{one.role}</option>
          ))}
        </select>
        <input
          className="field"
          aria-label={`Where ${name} has it`}
          placeholder="all, site=fra2, tag=web"
          value={scope}
          onChange={(event) => setScope(event.target.value)}
        />
      </div>
      <ReasonedActions
        of={`${role} to ${name}`}
        actions={[
          {
            verb: "give",
            meaning: roles.data?.items.find((one) => one.role === role)?.words ?? role,
            whyNot: null,
            run: (reason) =>
              apiPost(`/users/${encodeURIComponent(name)}/grants`, {
                add: [{ role, scope: scope.trim() }],
                reason,
              }),
          },
        ]}
        onDone={onDone}
      />
    </details>
  );
}
