import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  groupChoices,
  readReportAsk,
  type ReportAsk,
  reportKinds,
  reportPath,
  windowChoices,
} from "../../address/report-ask.ts";
import { asks } from "../../api/queries.ts";
import { Empty, Failed, Loading, Partial } from "../../parts/page-states.tsx";
import { Ago } from "../../parts/time.tsx";
import { type AddressChange, useAddress, withParameter } from "../../parts/use-address.ts";
import { useAddressText } from "../../parts/use-address-text.ts";
import { useWhere } from "../../shell/where.tsx";
import { PageHead } from "../page-head.tsx";
import { ReportTable } from "./report-table.tsx";

const everyMs = 30_000;

/** Supply, power and failures as tables; what is asked stands in the address. */
export function ReportsPage() {
  useWhere([{ words: "reports", to: null }]);
  const [address, changeAddress] = useAddress();
  const ask = readReportAsk(address);
  const isWide = address.get("columns") === "all";
  const report = useQuery({
    ...asks.report(ask),
    placeholderData: keepPreviousData,
    refetchInterval: everyMs,
  });
  const made = report.data?.kind === ask.kind ? report.data : undefined;
  return (
    <>
      <PageHead title="Reports">
        <p className="dim">{made === undefined ? "" : <Ago timeMs={made.atMs} />}</p>
      </PageHead>
      <ReportChoices ask={ask} isWide={isWide} change={changeAddress} />
      {report.error && !report.isFetching ? (
        <Failed what="this report" error={report.error} onRetry={() => void report.refetch()} />
      ) : made === undefined ? (
        <Loading what="the report" rows={8} />
      ) : (
        <>
          {made.coverage.share < 1 ? <Partial>{made.coverage.words}.</Partial> : null}
          {made.rows.length === 0 ? (
            <Empty title="No rows">
              <p>{nothing[ask.kind]}</p>
            </Empty>
          ) : (
            <ReportTable report={made} isWide={isWide} />
          )}
        </>
      )}
      {made === undefined ? null : (
        <ul className="bullets dim small">
          {made.window === null ? null : <li>{made.window.statistic}</li>}
          {made.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

const nothing = {
  capacity: "No host is meant by this selector, or there is none yet.",
  power: "No rack is meant by this selector, or there is none yet.",
  failures: "Nothing went wrong within the window with the hosts that are meant.",
} as const;

function ReportChoices({
  ask,
  isWide,
  change,
}: {
  readonly ask: ReportAsk;
  readonly isWide: boolean;
  readonly change: (change: AddressChange) => void;
}) {
  const set = (name: string, value: string): void =>
    change((now) => withParameter(now, name, value));
  const [selector, setSelector] = useAddressText("selector", (text) => set("selector", text));
  const windows = windowChoices[ask.kind];
  return (
    <div className="report-choices">
      <fieldset className="chips bare">
        <legend className="for-readers">Which report</legend>
        {reportKinds.map((kind) => (
          <button
            key={kind}
            type="button"
            className="chip"
            aria-pressed={kind === ask.kind}
            onClick={() =>
              change(() => new URLSearchParams(kind === "capacity" ? {} : { report: kind }))
            }
          >
            {kind}
          </button>
        ))}
      </fieldset>
      <label>
        by{" "}
        <select
          className="field"
          value={ask.group}
          onChange={(event) => set("group", event.target.value)}
        >
          {groupChoices[ask.kind].map((group, at) => (
            <option key={group} value={at === 0 ? "" : group}>
              {group.replaceAll(",", ", ")}
            </option>
          ))}
        </select>
      </label>
      {windows.length === 0 ? null : (
        <label>
          over{" "}
          <select
            className="field"
            value={ask.window}
            onChange={(event) => set("window", event.target.value)}
          >
            {windows.map((one, at) => (
              <option key={one} value={at === 0 ? "" : one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        of{" "}
        <input
          className="field"
          value={selector}
          placeholder="all hosts, or site=fra2,class=…"
          spellCheck={false}
          onChange={(event) => setSelector(event.target.value)}
        />
      </label>
      <button
        type="button"
        className="chip"
        aria-pressed={isWide}
        onClick={() => set("columns", isWide ? "" : "all")}
      >
        all columns
      </button>
      <span className="report-files">
        {["csv", "json", "html", "parquet"].map((format) => (
          <a key={format} className="button" href={`/api/v1${reportPath(ask, format)}`} download>
            {format}
          </a>
        ))}
      </span>
    </div>
  );
}
