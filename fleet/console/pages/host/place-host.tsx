import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Link } from "react-router";
import type { Host } from "#fleet/api/host-schemas.ts";
import { parsePosition } from "#proto/vocabulary/position.ts";
import { useElsewhere } from "../../api/cells.ts";
import { ApiError, apiPost } from "../../api/client.ts";
import { whyOnlyThere } from "../../parts/elsewhere.tsx";
import { formatPosition, rackIdOf, rackPath } from "../../words/place-words.ts";

/** Where the host sits, and the way to say so. It writes the inventory; nothing on the host changes. */
export function PlaceHost({ host }: { readonly host: Host }) {
  const [isOpen, setIsOpen] = useState(false);
  const elsewhere = useElsewhere();
  const { position } = host;
  return (
    <>
      {position === null ? (
        <span className="dim">none yet </span>
      ) : (
        <Link to={rackPath(rackIdOf(position))} className="mono">
          {formatPosition(position)}
        </Link>
      )}{" "}
      {isOpen ? (
        <PlaceForm host={host} onClose={() => setIsOpen(false)} />
      ) : (
        <button
          type="button"
          className="button small"
          disabled={elsewhere !== null}
          title={elsewhere === null ? undefined : whyOnlyThere}
          onClick={() => setIsOpen(true)}
        >
          {position === null ? "say where it sits" : "move"}
        </button>
      )}
    </>
  );
}

function PlaceForm({ host, onClose }: { readonly host: Host; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [text, setText] = useState(host.position === null ? "" : formatPosition(host.position));
  const hintId = useId();
  const place = useMutation({
    mutationFn: (position: string) =>
      apiPost<Host>(`/hosts/${encodeURIComponent(host.id)}/position`, { position }),
    onSuccess: async () => {
      onClose();
      // Every picture of the fleet may show the host elsewhere now.
      await queries.invalidateQueries();
    },
  });
  const parsed = parsePosition(text.trim());
  const refusal = place.error;
  const hint = parsed.ok
    ? refusal === null
      ? ""
      : `${refusal.message}. ${refusal instanceof ApiError ? refusal.hint : ""}`
    : parsed.problem.hint;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (parsed.ok) place.mutate(formatPosition(parsed.value));
  };
  return (
    <form className="place-form" onSubmit={submit}>
      <input
        className="field mono"
        aria-label={`Position of ${host.name}`}
        aria-describedby={hintId}
        placeholder="eu/fra2/row-b/rack-07/u12"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          place.reset();
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
        }}
      />
      <span className="pair">
        <button
          type="submit"
          className="button small"
          disabled={!parsed.ok || place.isPending}
          title={parsed.ok ? undefined : parsed.problem.hint}
        >
          {place.isPending ? "placing" : "place"}
        </button>
        <button type="button" className="button small" onClick={onClose}>
          leave it
        </button>
      </span>
      <span id={hintId} role="status" className={refusal === null ? "dim small" : "tone-bad small"}>
        {text === "" ? "region/site/row/rack/unit" : hint}
      </span>
    </form>
  );
}
