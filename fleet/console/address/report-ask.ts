export const reportKinds = ["capacity", "power", "failures"] as const;
export type ReportKind = (typeof reportKinds)[number];

/** What the address of the reports' page asks the manager for; empty texts: the usual. */
export interface ReportAsk {
  readonly kind: ReportKind;
  readonly selector: string;
  readonly group: string;
  readonly window: string;
}

/** What may be chosen to split each report by, the usual first. */
export const groupChoices: Readonly<Record<ReportKind, readonly string[]>> = {
  capacity: ["site,class", "region", "site", "site,row,rack", "class", "state", "site,state"],
  power: ["site,row,rack,feed", "site,row,rack", "site", "region", "line"],
  failures: ["site,class", "class", "site", "site,row,rack"],
};

/** Over how long, the usual first; capacity is of one moment. */
export const windowChoices: Readonly<Record<ReportKind, readonly string[]>> = {
  capacity: [],
  power: ["1h", "15m", "6h", "24h"],
  failures: ["30d", "1d", "7d", "90d"],
};

export function readReportAsk(address: URLSearchParams): ReportAsk {
  const kind = reportKinds.find((one) => one === address.get("report")) ?? "capacity";
  const wanted = address.get("window") ?? "";
  return {
    kind,
    selector: address.get("selector") ?? "",
    group: address.get("group") ?? "",
    window: windowChoices[kind].length > 0 ? wanted : "",
  };
}

/** The question's path beneath the API, with a form where it is to be a file. */
export function reportPath(ask: ReportAsk, format: string | null): string {
  const query = new URLSearchParams();
  for (const key of ["selector", "group", "window"] as const)
    if (ask[key] !== "") query.set(key, ask[key]);
  if (format !== null) query.set("format", format);
  const text = query.toString();
  return `/reports/${ask.kind}${text === "" ? "" : `?${text}`}`;
}
