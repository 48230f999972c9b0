import { createHash } from "node:crypto";
import { finished, Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Report, ReportFormat } from "#fleet/reports/report.ts";
import { reportContentTypes, reportPieces } from "#fleet/reports/write-report.ts";
import { formatUtcName } from "#proto/vocabulary/utc-time.ts";

/** In pieces as they are made; one that the asker has already is not sent again. Ends with the answer. */
export async function sendReport(
  report: Report,
  format: ReportFormat,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<void> {
  const etag = etagOf(report, format);
  reply.header("etag", etag).header("cache-control", "private, no-cache");
  if (request.headers["if-none-match"] === etag) {
    reply.code(304).send();
    return;
  }
  if (format !== "json") {
    const name = `${report.kind}-${formatUtcName(report.atMs)}.${format}`;
    reply.header("content-disposition", `attachment; filename="${name}"`);
  }
  if (format === "html")
    reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
  reply
    .type(reportContentTypes[format])
    .send(Readable.from(reportPieces(report, format), { objectMode: false }));
  // Who went away in the middle needs no answer.
  await new Promise<void>((resolve) => finished(reply.raw, () => resolve()));
}

/** A fleet in which nothing moved has the same report for so long; its moment is then told anew. */
const sameForMs = 300_000;

/** Of what the rows say, and roughly when. */
function etagOf(report: Report, format: ReportFormat): string {
  const { madeMs: _made, atMs, window: _window, ...said } = report;
  const digest = createHash("sha256")
    .update(JSON.stringify([said, Math.floor(atMs / sameForMs)]))
    .update(format)
    .digest("hex");
  return `W/"${digest.slice(0, 32)}"`;
}
