import type { FastifyHelmetOptions } from "@fastify/helmet";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "#proto/vocabulary/log.ts";
import type { ConsoleFiles } from "./console-files.ts";
import { parseJsonBody } from "./json-body.ts";
import type { OwnMetrics } from "./own-metrics.ts";
import { ApiError, describeProblem, problemMediaType, problems } from "./problems.ts";
import { describeFaults, type ShapeFault } from "./validation.ts";

/** Scripts, styles and connections from here only, nothing inline, in no one's frame. */
export function securityHeaders(isEncrypted: boolean): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    hsts: isEncrypted,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  };
}

/** Bodies are JSON; anything else is refused before it is read. */
export function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body.toString()));
    } catch (error) {
      done(error instanceof Error ? error : new TypeError(String(error)));
    }
  });
}

/** Every refusal, ours or the server's, leaves as problem+json. */
export function answerProblems(
  app: FastifyInstance,
  parts: { readonly log: Log; readonly consoleFiles: ConsoleFiles },
): void {
  app.setErrorHandler((error: FastifyError | ApiError, request, reply) => {
    const refusal =
      error instanceof ApiError ? error : translate(error, request.routeOptions.bodyLimit);
    if (refusal.code === "internal" || refusal.code === "store-failed") {
      const facts = { err: error, request: request.id, method: request.method, url: request.url };
      parts.log.error(facts, "request failed");
    }
    return sendProblem(refusal, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const isApi = request.url.startsWith("/api/");
    if (!isApi && parts.consoleFiles.answerPage(request, reply)) return;
    const where = `${request.method} ${request.url.slice(0, 200)}`;
    sendProblem(new ApiError("route-unknown", `${where} is not known here`), request, reply);
  });
}

export function sendProblem(
  error: ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error.code === "not-signed-in") reply.header("www-authenticate", 'Bearer realm="wws-fleet"');
  if (error.retryAfterSeconds !== undefined) reply.header("retry-after", error.retryAfterSeconds);
  return reply
    .code(problems[error.code].status)
    .header("cache-control", "no-store")
    .type(problemMediaType)
    .send(JSON.stringify(describeProblem(error, request.id)));
}

const mebibyte = 1024 * 1024;

/** What fastify itself refuses; `bytesMax`: the longest body of the route. */
export function translate(error: FastifyError, bytesMax: number = mebibyte): ApiError {
  if (error.validation !== undefined) {
    // The checker's own entries, only typed more narrowly by fastify.
    return describeFaults(error.validation as readonly ShapeFault[], error.validationContext ?? "");
  }
  switch (error.code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return bytesMax > mebibyte
        ? new ApiError("content-type-unsupported", "the body is neither text/csv nor JSON", {
            hint: "send `Content-Type: text/csv` or `application/json`",
          })
        : new ApiError("content-type-unsupported", "the body is not application/json");
    case "FST_ERR_CTP_BODY_TOO_LARGE": {
      const size = `${Math.round(bytesMax / mebibyte)} MiB`;
      const hint = `send at most ${size}`;
      return new ApiError("body-too-large", `the body is longer than ${size}`, { hint });
    }
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new ApiError("body-unreadable", "the body is not as long as Content-Length says");
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return new ApiError("invalid-request", error.message);
  return new ApiError("internal", "something went wrong inside", { cause: error });
}

/** Counts by the route's pattern, never by the address: addresses are endless. */
export function countRequests(
  app: FastifyInstance,
  metrics: Pick<OwnMetrics, "countRequest">,
): void {
  app.addHook("onResponse", async (request, reply) => {
    metrics.countRequest({
      method: request.method,
      route: request.routeOptions.url ?? "none",
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1_000,
    });
  });
}
