import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useElsewhere } from "../api/cells.ts";
import { ApiError } from "../api/client.ts";
import { reasonCharactersMax, reasonFault } from "../words/reason-words.ts";
import { Elsewhere, whyOnlyThere } from "./elsewhere.tsx";
import { WhyList } from "./why-list.tsx";

export interface ReasonedAction {
  readonly verb: string;
  /** What it does, in a sentence: shown where the reason is typed. */
  readonly meaning: string;
  /** Why it has no use now; null: it may be asked. */
  readonly whyNot: string | null;
  readonly run: (reason: string) => Promise<unknown>;
}

/**
 * What may be done here, as buttons: one that has no use now stays and says why. Nothing is done
 * before a reason is typed; what the manager refuses is told with its exits.
 */
export function ReasonedActions({
  of,
  actions: asked,
  onDone,
}: {
  /** Whose actions: `the drain`. Told to readers with each button. */
  readonly of: string;
  readonly actions: readonly ReasonedAction[];
  readonly onDone: () => void;
}) {
  const [open, setOpen] = useState<string | null>(null);
  const whyId = useId();
  const elsewhere = useElsewhere();
  const actions =
    elsewhere === null ? asked : asked.map((action) => ({ ...action, whyNot: whyOnlyThere }));
  const chosen = actions.find(({ verb }) => verb === open);
  const idle = actions.filter(({ whyNot }) => whyNot !== null);
  return (
    <div className="reasoned">
      <div className="chips">
        {actions.map(({ verb, whyNot }) => (
          <button
            key={verb}
            type="button"
            className="button small"
            disabled={whyNot !== null}
            aria-label={`${verb} ${of}`}
            aria-describedby={whyNot === null ? undefined : whyId}
            aria-expanded={whyNot === null ? open === verb : undefined}
            title={whyNot ?? undefined}
            onClick={() => setOpen(open === verb ? null : verb)}
          >
            {verb}
          </button>
        ))}
      </div>
      {idle.length === 0 ? null : (
        <p id={whyId} className="dim small">
          {elsewhere === null
            ? idle.map(({ verb, whyNot }) => `${verb}: ${whyNot}`).join(" · ")
            : whyOnlyThere}
        </p>
      )}
      <Elsewhere />
      {chosen === undefined || chosen.whyNot !== null ? null : (
        <ReasonForm
          key={chosen.verb}
          of={of}
          action={chosen}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            onDone();
          }}
        />
      )}
    </div>
  );
}

function ReasonForm({
  of,
  action,
  onClose,
  onDone,
}: {
  readonly of: string;
  readonly action: ReasonedAction;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [reason, setReason] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const act = useMutation({ mutationFn: action.run, onSuccess: onDone });
  const fault = reasonFault(reason);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (fault === null && !act.isPending) act.mutate(reason.trim());
  };
  return (
    <form className="reason-form" onSubmit={submit}>
      <p>{action.meaning}</p>
      <span className="pair">
        <input
          ref={field}
          className="field"
          aria-label={`Why ${action.verb} ${of}`}
          aria-describedby={hintId}
          placeholder="why"
          autoComplete="off"
          maxLength={reasonCharactersMax}
          value={reason}
          onChange={(event) => {
            setReason(event.target.value);
            act.reset();
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") onClose();
          }}
        />
        <button type="submit" className="button small" disabled={fault !== null || act.isPending}>
          {act.isPending ? "asking" : action.verb}
        </button>
        <button type="button" className="button small" onClick={onClose}>
          leave it
        </button>
      </span>
      <span id={hintId} className="dim small">
        {fault ?? "it goes into the audit"}
      </span>
      {act.error === null ? null : <Refused error={act.error} />}
    </form>
  );
}

/** What the manager said when it did not do it. */
function Refused({ error }: { readonly error: Error }) {
  const told = error instanceof ApiError ? error : null;
  return (
    <div role="alert" className="notice notice-bad slim">
      <p>
        <strong>{told?.title ?? "It failed"}:</strong> {error.message}
      </p>
      {told === null || told.why.length === 0 ? (
        <p className="dim">{told?.hint ?? ""}</p>
      ) : (
        <WhyList whys={told.why} label="What is in the way" />
      )}
    </div>
  );
}
