import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { imagingLimits } from "#proto/messages/imaging.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { OrderDoor } from "./imaging-ports.ts";
import { parseImagingAnswer } from "./parse-answer.ts";

/**
 * The provisioning listener by HTTP. One connection a call: an idle one that the server ends looks
 * like an answer that was cut. Nothing is followed, and an answer is bounded in size and in time.
 */
export function openOrderDoor(url: string, clock: Clock): OrderDoor {
  const post = (path: string, body: unknown, signal: AbortSignal) =>
    postJson(`${url}${path}`, JSON.stringify(body), clock, signal);
  return {
    ask: async (hello, signal) => {
      const answer = await post("/hello", hello, signal);
      return answer.ok ? parseImagingAnswer(answer.value) : answer;
    },
    tell: async (progress, signal) => {
      const answer = await post("/progress", progress, signal);
      return answer.ok ? ok(undefined) : answer;
    },
  };
}

function postJson(
  url: string,
  body: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<string, string>> {
  const { answerBytesMax, answerMsMax } = imagingLimits;
  return new Promise((resolve) => {
    const end = (answer: Result<string, string>): void => {
      cancel();
      signal.removeEventListener("abort", onAbort);
      call.destroy();
      resolve(answer);
    };
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const call = send(url, {
      method: "POST",
      agent: false,
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    });
    const onAbort = (): void => end(fail("stopped"));
    signal.addEventListener("abort", onAbort);
    const cancel = clock.after(answerMsMax, () =>
      end(fail(`no answer from ${url} in ${answerMsMax / 1_000} s`)),
    );
    call.on("error", (error) => end(fail(`${url}: ${error.message}`)));
    call.on("response", (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on("data", (piece: Buffer) => {
        length += piece.length;
        if (length > answerBytesMax) end(fail(`${url} answers more than ${answerBytesMax} bytes`));
        else pieces.push(piece);
      });
      response.on("error", (error) => end(fail(`${url}: ${error.message}`)));
      response.on("end", () => {
        if (response.statusCode === 200) end(ok(Buffer.concat(pieces).toString("utf8")));
        else end(fail(`${url} answers ${response.statusCode}`));
      });
    });
    call.end(body);
  });
}
