import type { AuditRecordView } from "#fleet/api/audit-schemas.ts";
import { Ago } from "../../parts/time.tsx";
import { WideTable } from "../../parts/wide-table.tsx";

export function AuditTable({ records }: { readonly records: readonly AuditRecordView[] }) {
  return (
    <WideTable name="Audit">
      <table className="table audit" aria-label="Audit">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">To what</th>
            <th scope="col">Why, and the rest</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <AuditRow key={record.seq} record={record} />
          ))}
        </tbody>
      </table>
    </WideTable>
  );
}

function AuditRow({ record }: { readonly record: AuditRecordView }) {
  const { subject, outcome } = record;
  return (
    <tr data-seq={record.seq} data-outcome={outcome}>
      <td>
        <Ago timeMs={record.atMs} />
      </td>
      <th scope="row" className="break">
        {record.actor}
      </th>
      <td>
        <span className="mono">{record.action}</span>
        {outcome === "done" ? null : <strong> {outcome}</strong>}
      </td>
      <td className="break">
        {subject.kind} {subject.name}
      </td>
      <td className="break">
        <details>
          <summary>{record.reason ?? "no reason"}</summary>
          <dl className="facts">
            {factsOf(record).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="mono break">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </td>
    </tr>
  );
}

function factsOf(record: AuditRecordView): readonly (readonly [string, string])[] {
  const { subject } = record;
  const known: readonly (readonly [string, string | null])[] = [
    ["record", String(record.seq)],
    ["time", new Date(record.atMs).toISOString()],
    ["kind of actor", record.actorKind],
    ["id", subject.id],
    ["serial", subject.serial],
    ["rack", subject.rack],
    ["plan", record.planHash],
    ...Object.entries(record.facts).map(([name, value]) => [name, String(value)] as const),
    ["SHA-256", record.sha256],
  ];
  return known.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}
