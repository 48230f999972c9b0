import type { ProblemList } from "./estate-problem.ts";
import type { NetboxItem } from "./netbox-item.ts";
import { isObject } from "./own-json.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The lists that NetBox' REST API answers: one of them (`{"count", "next", "results"}` or a bare
 * list), or several in one object, `{"sites": …, "racks": …, "device_types": …, "devices": …}`.
 * Device types give the heights, which devices do not tell.
 */
export function itemsFromNetboxJson(
  file: unknown,
  rowsMax: number,
  problems: ProblemList,
): readonly NetboxItem[] {
  const entries = listsOf(file, problems).flatMap(({ name, list }) =>
    list.slice(0, rowsMax).map((value, index) => ({ at: `${name}[${index}]`, value })),
  );
  if (entries.length > rowsMax)
    problems.add(
      "file-too-large",
      null,
      null,
      `there are more than ${rowsMax} entries`,
      "import it in parts",
    );
  const types = new Map<string, Fields>();
  for (const { value } of entries)
    if (isObject(value) && kindOf(value) === "device-type") {
      const id = value["id"];
      if (typeof id === "number" || typeof id === "string") types.set(String(id), value);
    }
  const items: NetboxItem[] = [];
  for (const { at, value } of entries.slice(0, rowsMax)) {
    const kind = isObject(value) ? kindOf(value) : undefined;
    if (!isObject(value) || kind === undefined)
      problems.add(
        "value-invalid",
        at,
        null,
        "the entry is no device, rack, site or device type of NetBox",
        "import the answers of /api/dcim/devices/, racks/, sites/ and device-types/",
      );
    else if (kind !== "device-type") items.push(itemOf(kind, at, value, types));
  }
  return items;
}

/** Whether it looks like an answer of NetBox and not like our own form. */
export function isNetboxJson(file: unknown): boolean {
  if (Array.isArray(file)) return true;
  if (!isObject(file) || Object.hasOwn(file, "format")) return false;
  return Array.isArray(file["results"]) || Object.values(file).some((part) => isPage(part));
}

function isPage(value: unknown): boolean {
  return isObject(value) && Array.isArray(value["results"]);
}

function listsOf(
  file: unknown,
  problems: ProblemList,
): readonly { readonly name: string; readonly list: readonly unknown[] }[] {
  if (Array.isArray(file)) return [{ name: "", list: file }];
  if (!isObject(file)) return [];
  const parts: readonly (readonly [string, unknown])[] = isPage(file)
    ? [["results", file]]
    : Object.entries(file).slice(0, 16);
  return parts.flatMap(([name, part]) => {
    const page = isObject(part) ? part : {};
    if (typeof page["next"] === "string")
      problems.note(
        name,
        "this is one page of a longer list; ask NetBox for all with ?limit=0. What is missing stays as it is",
      );
    const list = Array.isArray(part) ? part : page["results"];
    return Array.isArray(list) ? [{ name: name.slice(0, 40), list: list as unknown[] }] : [];
  });
}

function kindOf(value: Fields): NetboxItem["kind"] | "device-type" | undefined {
  if (isObject(value["device_type"])) return "device";
  if (Object.hasOwn(value, "u_height"))
    return Object.hasOwn(value, "model")
      ? "device-type"
      : isObject(value["site"])
        ? "rack"
        : undefined;
  return Object.hasOwn(value, "slug") && Object.hasOwn(value, "time_zone") ? "site" : undefined;
}

function itemOf(
  kind: NetboxItem["kind"],
  at: string,
  value: Fields,
  types: ReadonlyMap<string, Fields>,
): NetboxItem {
  const brief = fieldsOf(value["device_type"]);
  const type = types.get(textOf(brief["id"]) ?? "") ?? brief;
  const site = fieldsOf(value["site"]);
  const custom = fieldsOf(value["custom_fields"]);
  const start = textOf(value["starting_unit"]);
  const depth = type["is_full_depth"];
  return {
    kind,
    at,
    name: textOf(value["name"]),
    slug: textOf(value["slug"]),
    status: textOf(fieldsOf(value["status"])["value"]) ?? textOf(value["status"]),
    role: nameOf(value["role"]) ?? nameOf(value["device_role"]),
    deviceType: textOf(brief["model"]) ?? textOf(brief["slug"]),
    serial: textOf(value["serial"]),
    site: textOf(site["name"]),
    siteSlug: textOf(site["slug"]),
    location: nameOf(value["location"]) ?? nameOf(value["group"]) ?? nameOf(value["rack_group"]),
    rack: nameOf(value["rack"]),
    position: textOf(value["position"]),
    face: textOf(fieldsOf(value["face"])["value"]) ?? textOf(value["face"]),
    height: textOf(kind === "device" ? type["u_height"] : value["u_height"]),
    isFullDepth: typeof depth === "boolean" ? depth : undefined,
    countsOtherwise: value["desc_units"] === true || (start !== undefined && start !== "1"),
    tags: tagsOf(value["tags"]),
    bmcMac: textOf(custom["bmc_mac"]) ?? textOf(custom["oob_mac"]),
    switchPort: textOf(custom["switch_port"]),
    nameplateWatts: textOf(custom["nameplate_watts"]),
    timeZone: textOf(value["time_zone"]),
  };
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function nameOf(value: unknown): string | undefined {
  return textOf(fieldsOf(value)["name"]);
}

/** undefined: nothing, or nothing that fits on a line. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string") return undefined;
  const text = value.slice(0, 4_096).trim();
  return text === "" ? undefined : text;
}

function tagsOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value
    .slice(0, 100)
    .flatMap((tag: unknown) => textOf(fieldsOf(tag)["slug"]) ?? nameOf(tag) ?? textOf(tag) ?? []);
  return names.length === 0 ? undefined : names.join(",").slice(0, 4_096);
}
