import type { Accepted, BmcTasks, DriverProblem, TaskSight } from "#fleet/boot-loop/bmc-driver.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { isObject, type Json } from "../resource.ts";
import { accepted } from "./accepted.ts";
import type { RedfishClient } from "./client.ts";
import { safePath } from "./links.ts";
import type { WithPlaces } from "./media.ts";
import { isOfAll, lenient, listAt, type Places } from "./places.ts";
import { messagesOf, problem } from "./problems.ts";

const messagesMax = 16;

/** Words for an end; every other word counts as running. */
const ends: Readonly<Record<string, "done" | "failed">> = {
  Completed: "done",
  CompletedOK: "done",
  CompletedWithErrors: "failed",
  Exception: "failed",
  Killed: "failed",
  Cancelled: "failed",
  Failed: "failed",
  RebootFailed: "failed",
};

export function createTasks(client: RedfishClient, at: WithPlaces): BmcTasks {
  return {
    look: (uri, signal) =>
      at(signal, async () => {
        const path = safePath(uri);
        if (path === null) return fail(problem("unsupported", "that is no task"));
        const read = await client.get(path, signal);
        if (read.ok) return ok(sightOf(read.value.json));
        // A monitor of a task that is done answers without a body.
        if (read.problem.kind === "malformed" && read.problem.code === 204)
          return ok({ state: "done", percent: null, said: "HTTP 204", messageIds: [] });
        if (read.problem.kind === "malformed" && read.problem.code === 202)
          return ok({ state: "running", percent: null, said: "HTTP 202", messageIds: [] });
        if (read.problem.code !== 404 && read.problem.code !== 410) return read;
        const { messageIds } = read.problem;
        return ok({ state: "gone", percent: null, said: "it is not found", messageIds });
      }),
    pending: (signal) => at(signal, (places) => readPending(client, places, signal)),
    clear: (isForced, signal) => at(signal, (places) => clear(client, places, isForced, signal)),
  };
}

/** Done needs its state, its status and its messages. */
function sightOf(json: Json): TaskSight {
  const task = lenient({ path: "", json });
  const state = task.text("TaskState") ?? task.text("JobState") ?? "";
  const status = task.text("TaskStatus") ?? task.text("JobStatus");
  const entries = task.entries("Messages", messagesMax);
  const isBad =
    status === "Critical" ||
    entries.some((entry) =>
      ["Critical", "Error"].includes(entry.text("MessageSeverity") ?? entry.text("Severity") ?? ""),
    );
  const end = ends[state.replaceAll(" ", "")];
  const ids = entries.flatMap((entry) => entry.text("MessageId") ?? []);
  const own = task.text("MessageId");
  return {
    state: end === undefined ? "running" : isBad ? "failed" : end,
    percent: task.plausible("PercentComplete", 0, 100),
    said: [state === "" ? "no state" : state, ...(status === null ? [] : [status])].join(" "),
    messageIds: own === null ? ids : [...ids, own],
  };
}

interface JobQueue {
  readonly jobs: string;
  readonly service: string | null;
}

/** A controller with a queue of jobs names it among its links; null: it has none. */
async function queueOf(
  client: RedfishClient,
  { manager }: Places,
  signal: AbortSignal,
): Promise<Result<JobQueue | null, DriverProblem>> {
  if (manager === null) return ok(null);
  const read = await client.get(manager, signal);
  if (!read.ok) return read;
  const links = lenient(read.value).child("Links")?.child("Oem")?.child("Dell");
  const jobs = safePath(links?.link("Jobs"));
  return ok(jobs === null ? null : { jobs, service: safePath(links?.link("DellJobService")) });
}

async function readPending(
  client: RedfishClient,
  places: Places,
  signal: AbortSignal,
): Promise<Result<readonly string[], DriverProblem>> {
  const queue = await queueOf(client, places, signal);
  if (!queue.ok) return queue;
  if (queue.value === null) return ok([]);
  const listed = await listAt(client, queue.value.jobs, signal);
  if (!listed.ok) return listed;
  const waiting: string[] = [];
  for (const path of listed.value) {
    const read = await client.get(path, signal);
    if (!read.ok && isOfAll(read.problem)) return read;
    const state = read.ok ? lenient(read.value).text("JobState") : null;
    // A job that cannot be read may be in the way as well.
    if (state === null || ends[state.replaceAll(" ", "")] === undefined) waiting.push(path);
  }
  return ok(waiting);
}

async function clear(
  client: RedfishClient,
  places: Places,
  isForced: boolean,
  signal: AbortSignal,
): Promise<Result<Accepted, DriverProblem>> {
  const queue = await queueOf(client, places, signal);
  if (!queue.ok) return queue;
  const service = queue.value?.service ?? null;
  if (service === null) return fail(problem("unsupported", "it has no queue that can be cleared"));
  const read = await client.get(service, signal);
  if (!read.ok) return read;
  const action = lenient(read.value).child("Actions")?.child("#DellJobService.DeleteJobQueue");
  const path = safePath(action?.text("target"));
  if (path === null) return fail(problem("unsupported", "its queue has no action to clear it"));
  const id = isForced ? "JID_CLEARALL_FORCE" : "JID_CLEARALL";
  const sent = await client.change({ method: "POST", path, body: { JobID: id } }, signal);
  if (!sent.ok) return sent;
  const { json } = sent.value;
  if (json !== null && isObject(json["error"])) {
    const { messageIds, words } = messagesOf(json);
    return fail(problem("refused", words ?? "it answers with an error", { messageIds }));
  }
  return ok(accepted(sent.value, `POST ${path} ${id}`));
}
