import type { Accepted, BmcMedia, DriverProblem, MediaSlot } from "#fleet/boot-loop/bmc-driver.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Json } from "../resource.ts";
import { accepted } from "./accepted.ts";
import type { RedfishClient } from "./client.ts";
import { guardedPatch, type RedfishMemory } from "./guarded-patch.ts";
import { safePath } from "./links.ts";
import { isOfAll, lenient, membersAt, type Places } from "./places.ts";
import { problem } from "./problems.ts";

const kindsMax = 8;
const insertAction = "#VirtualMedia.InsertMedia";
const ejectAction = "#VirtualMedia.EjectMedia";

/** The fields of each way of an insert; `patch` writes them at the slot. */
const insertBodies: Readonly<Record<string, (url: string) => Json>> = {
  "image-only": (Image) => ({ Image }),
  "with-flags": (Image) => ({ Image, Inserted: true, WriteProtected: true }),
  "with-protocol": (Image) => ({
    Image,
    Inserted: true,
    WriteProtected: true,
    TransferProtocolType: /^https:/i.test(Image) ? "HTTPS" : "HTTP",
  }),
  patch: (Image) => ({ Image, Inserted: true, WriteProtected: true }),
};

export type WithPlaces = <Value>(
  signal: AbortSignal,
  run: (places: Places) => Promise<Result<Value, DriverProblem>>,
) => Promise<Result<Value, DriverProblem>>;

export function createMedia(
  client: RedfishClient,
  memory: RedfishMemory,
  { at, insertWays }: { readonly at: WithPlaces; readonly insertWays: () => readonly string[] },
): BmcMedia {
  const change = (
    ask: { readonly slot: string; readonly action: string | null; readonly body: Json },
    signal: AbortSignal,
  ): Promise<Result<Accepted, DriverProblem>> =>
    at(signal, async () => {
      const slot = safePath(ask.slot);
      if (slot === null) return fail(problem("unsupported", "that is no slot"));
      if (ask.action === null) {
        const isDone = (json: Json): boolean => json["Image"] === ask.body["Image"];
        const sent = await guardedPatch(
          client,
          memory,
          { path: slot, body: ask.body, isDone },
          signal,
        );
        if (!sent.ok) return sent;
        return ok(accepted(sent.value, `PATCH ${slot} ${Object.keys(ask.body).join(", ")}`));
      }
      const read = await client.get(slot, signal);
      if (!read.ok) return read;
      const offered = lenient(read.value).child("Actions")?.child(ask.action);
      const path = safePath(offered?.text("target"));
      if (path === null) return fail(problem("unsupported", `${slot} has no action for that`));
      // Some want an empty object where there is nothing to say.
      const sent = await client.change({ method: "POST", path, body: ask.body }, signal);
      if (!sent.ok) return sent;
      return ok(accepted(sent.value, `POST ${path} ${Object.keys(ask.body).join(", ")}`.trim()));
    });
  return {
    slots: (signal) => at(signal, (places) => readSlots(client, places, signal)),
    get insertWays() {
      return insertWays();
    },
    insert: ({ slot, url, way }, signal) => {
      const body = insertBodies[way];
      if (body === undefined)
        return Promise.resolve(fail(problem("unsupported", `${way} is no way of an insert`)));
      return change(
        { slot, action: way === "patch" ? null : insertAction, body: body(url) },
        signal,
      );
    },
    ejectWays: ["action", "patch"],
    eject: ({ slot, way }, signal) => {
      if (way !== "action" && way !== "patch")
        return Promise.resolve(fail(problem("unsupported", `${way} is no way of an eject`)));
      const isPatch = way === "patch";
      const body = isPatch ? { Image: null, Inserted: false } : {};
      return change({ slot, action: isPatch ? null : ejectAction, body }, signal);
    },
  };
}

/** At the system and at the manager: either place is used, some have both. */
async function readSlots(
  client: RedfishClient,
  { system, manager }: Places,
  signal: AbortSignal,
): Promise<Result<readonly MediaSlot[], DriverProblem>> {
  const found = new Map<string, MediaSlot>();
  let last: DriverProblem | null = null;
  for (const owner of manager === null ? [system] : [manager, system]) {
    const read = await client.get(owner, signal);
    if (!read.ok) return read;
    const link = lenient(read.value).link("VirtualMedia");
    if (link === null) continue;
    const members = await membersAt(client, link, signal);
    if (!members.ok) {
      if (isOfAll(members.problem)) return members;
      last = members.problem;
      continue;
    }
    for (const member of members.value) {
      const slot = lenient(member);
      found.set(member.path, {
        slot: member.path,
        kinds: slot.texts("MediaTypes", kindsMax),
        inserted: slot.boolean("Inserted"),
        image: slot.text("Image"),
        mayInsert: safePath(slot.child("Actions")?.child(insertAction)?.text("target")) !== null,
      });
    }
  }
  if (found.size > 0) return ok([...found.values()]);
  return fail(last ?? problem("unsupported", "it has no virtual media"));
}
