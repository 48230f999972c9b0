import { useState } from "react";
import { apiPost } from "../../api/client.ts";
import { ReasonedActions } from "../../parts/reasoned-actions.tsx";

/** A new person, without a role yet. */
export function AddPerson({ onDone }: { readonly onDone: () => void }) {
  const [name, setName] = useState("");
  const isNamed = /^[a-z][a-z0-9._-]{0,62}$/.test(name);
  return (
    <details className="add-person">
      <summary>add a person</summary>
      <label className="small">
        <span>name</span>
        <input
          className="field"
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <ReasonedActions
        of="a person"
        actions={[
          {
            verb: "add",
            meaning: "They may do nothing before they are given a role.",
            whyNot: isNamed ? null : "a name has a to z, 0 to 9, ., _ and -",
            run: (reason) => apiPost("/users", { name, reason }),
          },
        ]}
        onDone={() => {
          setName("");
          onDone();
        }}
      />
    </details>
  );
}
