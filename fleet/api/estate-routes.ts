import type { HostIdentity } from "#fleet/identity/host-identity.ts";
import type { EstateDesk, EstateOutcome } from "#fleet/inventory/estate/estate-desk.ts";
import {
  estateCharactersMax,
  type EstateFormat,
  type ReadEstateOptions,
} from "#fleet/inventory/estate/estate-document.ts";
import { readPlacePart, readSiteCode } from "#fleet/inventory/estate/place-values.ts";
import {
  type WholeEstate,
  writeEstateCsv,
  writeEstateJson,
  writeNetboxCsv,
} from "#fleet/inventory/estate/write-estate.ts";
import { Type } from "typebox";
import { plainSubject } from "./audit-notes.ts";
import {
  approveRuleSchema,
  type EstateAnswer,
  estateOutcomeSchema,
  exportQuery,
  importQuery,
  ruleOutcomeSchema,
} from "./estate-schemas.ts";
import { ApiError } from "./problems.ts";
import { defineRoute, type Route } from "./route.ts";
import { textSchema } from "./route-document.ts";
import type { Sight } from "./sight.ts";

/** Files of the estate in and out, and machines that become planned hosts by a rule. */
export function createEstateRoutes(parts: {
  readonly estate: EstateDesk;
  readonly identity: HostIdentity;
}): readonly Route[] {
  const { estate, identity } = parts;
  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/inventory/import",
      access: { who: "person", may: "estate", of: "cell" },
      tag: "places",
      summary: "Import a file of the estate",
      description:
        "Hosts, racks and sites as CSV or JSON, ours or NetBox'. Shows each change and each problem; " +
        "writes with `dryRun=false`, all or nothing, and only where nothing is wrong. Something that " +
        "is not in the file stays as it is. New hosts are planned.",
      query: importQuery,
      takes: { contentTypes: ["text/csv", "application/json"], bytesMax: estateCharactersMax },
      body: Type.String(),
      answer: { status: 200, description: "what changes", schema: estateOutcomeSchema },
      problems: [],
      async handle({ query, body, person, note }) {
        const options = readOptions(query);
        const by = person?.name ?? "unknown";
        const outcome =
          query.dryRun === false
            ? await estate.apply(body, options, { expect: query.expect ?? null, by })
            : await estate.compare(body, options);
        if (outcome.isApplied)
          note({
            action: "estate.import",
            subject: plainSubject("estate", outcome.digest, options.file),
            facts: {
              sites: outcome.changes.sites.length,
              racks: outcome.changes.racks.length,
              hosts: outcome.changes.hosts.length,
            },
          });
        return viewOutcome(outcome);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/inventory/export",
      access: { who: "person", may: "read", of: "listed" },
      tag: "places",
      summary: "Export the estate",
      description:
        "`csv` (the usual): one table, hosts, racks or sites; `json`: all of it; `netbox`: what NetBox' " +
        "bulk import takes, hosts or racks. Always in the same order; imported again it changes nothing.",
      query: exportQuery,
      answer: { status: 200, description: "the file", schema: textSchema, contentType: "text/csv" },
      problems: [],
      async handle({ query, reply, sight }) {
        const { format = "csv", what = "hosts" } = query;
        const whole = seenOf(await estate.whole(), sight);
        if (format === "netbox" && what === "sites")
          throw new ApiError("invalid-request", 'query "what": NetBox takes hosts or racks');
        const text =
          format === "json"
            ? writeEstateJson(whole)
            : format === "netbox" && what !== "sites"
              ? writeNetboxCsv(what, whole)
              : writeEstateCsv(what, whole);
        reply
          .header("cache-control", "no-store")
          .type(format === "json" ? "application/json" : "text/csv; charset=utf-8")
          .send(Buffer.from(text));
        return "";
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/enrolment/approve-by-rule",
      access: { who: "person", may: "estate", of: "cell" },
      tag: "enrolment",
      summary: "Approve all that are as planned",
      description:
        "Each machine that waits and has the serial (and the BMC MAC, where the rule names it) of exactly " +
        "one planned host becomes that host. The others stay, with the reason.",
      body: approveRuleSchema,
      answer: { status: 200, description: "who came in, who not", schema: ruleOutcomeSchema },
      problems: ["token-unknown"],
      async handle({ body, person, note }) {
        const { rule, adopt, dryRun: isDry = false, tokenId } = body;
        if (!rule.includes("serial"))
          throw new ApiError("invalid-request", 'body "rule": a rule names the serial at least');
        if (tokenId !== undefined && !isDry && !(await identity.setTokenRule(tokenId, rule)))
          throw new ApiError("token-unknown", `no token that leads to pending is "${tokenId}"`);
        const approvedBy = person?.name ?? "unknown";
        const outcome = await identity.approveByRule({ rule, isDry, adopt, approvedBy });
        if (!isDry)
          note({
            action: "pending.approve-by-rule",
            subject: plainSubject("token", tokenId ?? "pending"),
            facts: {
              rule: rule.join(","),
              approved: outcome.approved.length,
              left: outcome.left.length,
            },
          });
        return { approved: [...outcome.approved], left: [...outcome.left] };
      },
    }),
  ];
}

/** What the asker sees of it. */
function seenOf(whole: WholeEstate, sight: Sight): WholeEstate {
  if (sight.isAll) return whole;
  const hosts = whole.hosts.filter((host) => sight.sees(host));
  const at = (site: string) => sight.sees({ position: { site }, tags: [] });
  const seen = new Set(hosts.map(({ position }) => position?.site));
  return {
    sites: whole.sites.filter(({ code }) => at(code) || seen.has(code)),
    racks: whole.racks.filter(
      (rack) =>
        at(rack.site) ||
        hosts.some(
          ({ position }) =>
            position?.site === rack.site &&
            position.row === rack.row &&
            position.rack === rack.rack,
        ),
    ),
    hosts,
  };
}

function readOptions(query: {
  readonly format?: EstateFormat;
  readonly file?: string;
  readonly roles?: string;
  readonly siteCodes?: string;
  readonly row?: string;
}): ReadEstateOptions {
  const row = query.row === undefined ? undefined : readPlacePart("row", query.row);
  if (row !== undefined && !row.ok)
    throw new ApiError("invalid-request", `query "row": ${row.problem.words}`);
  return {
    file: query.file ?? "the file",
    format: query.format,
    roles: words(query.roles),
    siteCodes: new Map(words(query.siteCodes).map(readSiteWord)),
    rowUsual: row?.value,
  };
}

function readSiteWord(word: string): readonly [string, string] {
  const [, name, text] = /^(.+)=([^=]+)$/.exec(word) ?? [];
  const code = readSiteCode(text?.trim() ?? "");
  if (name === undefined || !code.ok)
    throw new ApiError("invalid-request", `query "siteCodes": "${word}" is not NAME=fra2`);
  return [name.trim().toLowerCase(), code.value];
}

function words(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function viewOutcome({ changes, ...outcome }: EstateOutcome): EstateAnswer {
  const kindOf = (before: unknown): "add" | "change" => (before === null ? "add" : "change");
  return {
    isApplied: outcome.isApplied,
    digest: outcome.digest,
    changes: [
      ...changes.sites.map(({ at, record, before, fields }) => ({
        ...{ kind: kindOf(before), what: "site" as const, name: record.code, at },
        fields: [...fields],
      })),
      ...changes.racks.map(({ at, record, before, fields }) => ({
        ...{ kind: kindOf(before), what: "rack" as const, name: record.id, at },
        fields: [...fields],
      })),
      ...changes.hosts.map(({ at, id, facts, fields }) => ({
        ...{ kind: kindOf(id), what: "host" as const, name: facts.name, at },
        fields: [...fields],
      })),
    ],
    unchanged: outcome.unchanged,
    problems: [...outcome.problems],
    problemsLeftOut: outcome.problemsLeftOut,
    notes: [...outcome.notes],
  };
}
