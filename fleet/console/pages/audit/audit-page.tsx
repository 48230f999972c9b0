import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  type AuditAsk,
  auditFields,
  nextAuditRows,
  outcomes,
  readAuditAsk,
} from "../../address/audit-ask.ts";
import { peopleAsks } from "../../api/people-queries.ts";
import { Empty, Failed, Loading } from "../../parts/page-states.tsx";
import { useAddress, withParameter } from "../../parts/use-address.ts";
import { useWhere } from "../../shell/where.tsx";
import { PageHead } from "../page-head.tsx";
import { AuditChain } from "./audit-chain.tsx";
import { AuditTable } from "./audit-table.tsx";

/** Who did what, and who was denied; every filter in the address. */
export function AuditPage() {
  useWhere([{ words: "audit", to: null }]);
  const [address, changeAddress] = useAddress();
  const ask = readAuditAsk(address);
  const audit = useQuery({ ...peopleAsks.audit(ask), placeholderData: keepPreviousData });
  const items = audit.data?.items;
  const next = audit.data?.nextCursor == null ? null : nextAuditRows(ask.rows);
  const set = (name: string, value: string): void =>
    changeAddress((now) => withParameter(now, name, value));
  return (
    <>
      <PageHead title="Audit" />
      <AuditChain />
      <AuditFilters ask={ask} onChange={set} />
      {items === undefined ? (
        audit.error && !audit.isFetching ? (
          <Failed what="the audit" error={audit.error} onRetry={() => void audit.refetch()} />
        ) : (
          <Loading what="the audit" rows={8} />
        )
      ) : items.length === 0 ? (
        <Empty title="Nothing of that kind">
          <p>Nobody did or was denied what these filters ask for.</p>
        </Empty>
      ) : (
        <>
          <AuditTable records={items} />
          {next === null ? null : (
            <button
              type="button"
              className="button more"
              disabled={audit.isPlaceholderData}
              onClick={() => set("rows", String(next))}
            >
              {audit.isPlaceholderData ? "loading" : "show more"}
            </button>
          )}
        </>
      )}
    </>
  );
}

const labels: Readonly<Record<(typeof auditFields)[number], string>> = {
  actor: "who",
  subject: "host or id",
  action: "what",
  outcome: "outcome",
  from: "from, UTC",
  to: "to, UTC",
};

function AuditFilters({
  ask,
  onChange,
}: {
  readonly ask: AuditAsk;
  readonly onChange: (name: string, value: string) => void;
}) {
  return (
    <form
      className="audit-filters"
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      {auditFields.map((name) =>
        name === "outcome" ? (
          <label key={name} className="small">
            <span>{labels.outcome}</span>
            <select
              className="field"
              value={ask.outcome}
              onChange={(event) => onChange(name, event.target.value)}
            >
              <option value="">any</option>
              {outcomes.map((outcome) => (
                <option key={outcome}>{outcome}</option>
              ))}
            </select>
          </label>
        ) : (
          <label key={name} className="small">
            <span>{labels[name]}</span>
            <input
              className="field"
              type={name === "from" || name === "to" ? "datetime-local" : "text"}
              defaultValue={ask[name]}
              placeholder={name === "action" ? "hold.add, or hold." : undefined}
              onBlur={(event) => onChange(name, event.target.value.trim())}
              onKeyDown={(event) => {
                if (event.key === "Enter") onChange(name, event.currentTarget.value.trim());
              }}
            />
          </label>
        ),
      )}
    </form>
  );
}
