import { useQuery } from "@tanstack/react-query";
import { peopleAsks } from "../../api/people-queries.ts";
import { Ago } from "../../parts/time.tsx";

/** Whether the record is whole: up to where it was followed, and when its end was last exported. */
export function AuditChain() {
  const chain = useQuery(peopleAsks.auditChain());
  const { data } = chain;
  return (
    <section className="chain" aria-label="The chain">
      {data === undefined ? (
        <p className="dim" role="status">
          {chain.error === null ? "following the chain" : `not followed: ${chain.error.message}`}
        </p>
      ) : data.fault === null ? (
        <p role="status">
          Whole: {data.records} records follow each other, up to{" "}
          <span className="mono">{data.head.seq}</span>; {data.headsConfirmed} exported ends agree
          {data.exported === null ? (
            "; none is exported yet."
          ) : (
            <>
              , the last of record <span className="mono">{data.exported.seq}</span>,{" "}
              <Ago timeMs={data.exported.atMs} />.
            </>
          )}
        </p>
      ) : (
        <p className="notice notice-bad slim" role="alert">
          <strong>Broken at record {data.fault.seq}:</strong> {data.fault.words}
        </p>
      )}
      <button
        type="button"
        className="button small"
        disabled={chain.isFetching}
        onClick={() => void chain.refetch()}
      >
        verify again
      </button>
    </section>
  );
}
