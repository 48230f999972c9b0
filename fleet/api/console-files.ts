import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

export interface ConsoleFiles {
  /** Answers a page's address that is no file; false where the asker wants no page. */
  answerPage(request: FastifyRequest, reply: FastifyReply): boolean;
}

const yearSeconds = 31_536_000;

/**
 * Serves the built console. Its files carry a hash in their names and never change; the page itself
 * is asked for each time. Addresses within the console are its own: they all get the page.
 */
export function serveConsole(app: FastifyInstance, folder: string): ConsoleFiles {
  app.register(fastifyStatic, {
    root: folder,
    serve: existsSync(folder),
    wildcard: true,
    // Without it the root is a folder that may not be listed.
    index: ["index.html"],
    dotfiles: "deny",
    cacheControl: false,
    setHeaders(response, path) {
      const isHashed = path.startsWith(join(folder, "assets"));
      const value = isHashed ? `public, max-age=${yearSeconds}, immutable` : "no-cache";
      response.header("cache-control", value);
    },
  });
  return {
    answerPage(request, reply) {
      const isPage =
        request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
      if (!isPage) return false;
      if (existsSync(join(folder, "index.html"))) {
        reply.code(200).sendFile("index.html");
      } else {
        reply.code(503).type("text/html; charset=utf-8").send(missingPage);
      }
      return true;
    },
  };
}

const missingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The console is not built</title>
<h1>The console is not built</h1>
<p>The manager runs, and its API and the command line work. To build the console, run in the checkout:</p>
<pre>npm run console:build</pre>
<p>then load this page again.</p>
</html>
`;
