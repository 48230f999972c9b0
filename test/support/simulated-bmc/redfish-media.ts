import { note, placesOf, type RedfishInside, type RedfishWorld } from "./redfish-inside.ts";
import { type Asked, empty, type Reply, refuse } from "./redfish-reply.ts";

/** Insert and eject, by action or by PATCH, each only in the form that this service wants. */
export function changeMedia(
  world: RedfishWorld,
  inside: RedfishInside,
  { request, path, body }: Asked,
): Reply {
  const { mediaWants, mediaAt } = world.shape;
  const slot = `${placesOf(world.shape).media}/Cd`;
  const form = mediaWants === "patch" ? `PATCH ${slot}` : `POST ${slot}/Actions/VirtualMedia`;
  const asked = `${request.method} ${path}`;
  if (mediaAt === "none" || !asked.startsWith(form))
    return refuse(405, "Base.1.13.OperationNotAllowed", asked);
  const image = body["Image"];
  const isEject = asked.endsWith(".EjectMedia") || image === null;
  if (isEject) {
    if (!inside.media.isInserted)
      return refuse(400, "Base.1.13.ActionNotSupported", "nothing is inserted");
    inside.media = { image: null, isInserted: false };
    note(world, inside, "Virtual media was ejected.");
    return empty(204);
  }
  if (typeof image !== "string" || !/^https?:\/\//.test(image))
    return refuse(400, "Base.1.13.ActionParameterMissing", "Image");
  const missing = missingOf(mediaWants, Object.keys(body));
  if (missing !== null) return refuse(400, "Base.1.13.ActionParameterMissing", missing);
  if (inside.media.isInserted)
    return refuse(409, "Base.1.13.ResourceInUse", "an image is inserted already");
  inside.media = { image, isInserted: true };
  note(world, inside, "Virtual media was inserted.");
  return empty(204);
}

/** What is missing, or is more than this service takes. */
function missingOf(wants: "image" | "flags" | "protocol" | "patch", given: readonly string[]) {
  const wanted =
    wants === "image"
      ? ["Image"]
      : wants === "protocol"
        ? ["Image", "Inserted", "WriteProtected", "TransferProtocolType"]
        : ["Image", "Inserted", "WriteProtected"];
  const missing = wanted.find((name) => !given.includes(name));
  return missing ?? given.find((name) => !wanted.includes(name)) ?? null;
}
