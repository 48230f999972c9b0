import { hostsColumn, keyColumn, placeMeanings } from "./capacity-columns.ts";
import type { ReportColumn } from "./report.ts";

export const powerKeys = ["region", "site", "row", "rack", "feed", "line"] as const;
export type PowerKey = (typeof powerKeys)[number];

const keyMeanings: Readonly<Record<PowerKey, string>> = {
  region: placeMeanings.region,
  site: placeMeanings.site,
  row: placeMeanings.row,
  rack: placeMeanings.rack,
  feed: "power line into a rack, by its name; `none` where nobody said which feeds a rack has",
  line: "what fails as one: feeds of one name and upstream in a row",
};

function wattsColumn(key: string, title: string, meaning: string, isWideOnly = false) {
  return { key, title, unit: "W", isWideOnly, meaning };
}

const figures: readonly ReportColumn[] = [
  { key: "feeds", title: "FEEDS", unit: "{feed}", isWideOnly: true, meaning: "feeds in the row" },
  wattsColumn(
    "budget_watts",
    "BUDGET",
    "what the feeds may carry; none where one of them has none",
  ),
  wattsColumn("now_watts", "NOW", "what they carry now, by measured hosts"),
  wattsColumn("mean_watts", "MEAN", "mean over the window", true),
  wattsColumn("p95_watts", "P95", "95th percentile over the window"),
  wattsColumn("max_watts", "MAX", "most in any minute of the window", true),
  wattsColumn(
    "if_other_fails_watts",
    "ALONE",
    "what they carry if the other feeds of each rack fail; only in rows of feeds, and where there is another",
  ),
  wattsColumn("headroom_watts", "ROOM", "budget less the load if the other feeds fail"),
  {
    key: "over_feeds",
    title: "OVER",
    unit: "{feed}",
    isWideOnly: true,
    meaning: "feeds that would carry more than their budget if the others of their rack failed",
  },
  hostsColumn("hosts", "HOSTS", "hosts that stand in the racks: neither planned nor retired"),
  hostsColumn("measured_hosts", "MEAS", "of them, measured within the last ten minutes"),
  hostsColumn("unmeasured_hosts", "DARK", "of them, not measured; in no sum", false),
  {
    key: "coverage",
    title: "SEEN",
    unit: "1",
    isWideOnly: true,
    meaning: "share of the hosts that are in now_watts",
  },
  {
    key: "window_coverage",
    title: "WSEEN",
    unit: "1",
    isWideOnly: true,
    meaning: "share of the window's host-minutes that are in mean, p95 and max",
  },
  {
    key: "sources",
    title: "SOURCES",
    unit: null,
    isWideOnly: true,
    meaning: "instruments behind now_watts, each with its hosts; two of them cover different parts",
  },
  {
    key: "unmeasured_names",
    title: "NOT MEASURED",
    unit: null,
    isWideOnly: true,
    meaning: "names of the hosts that are not measured, with spaces between",
  },
];

export function powerColumns(keys: readonly PowerKey[]): readonly ReportColumn[] {
  return [...keys.map((key) => keyColumn(key, keyMeanings[key])), ...figures];
}
