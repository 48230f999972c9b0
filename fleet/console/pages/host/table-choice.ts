const parameter = "table";

/** Which charts are shown as tables: `?table=cpu,disk`. */
export function readTables(address: URLSearchParams): ReadonlySet<string> {
  return new Set((address.get(parameter) ?? "").split(",").filter((id) => id !== ""));
}

export function toggleTable(address: URLSearchParams, id: string): URLSearchParams {
  const tables = new Set(readTables(address));
  if (!tables.delete(id)) tables.add(id);
  const next = new URLSearchParams(address);
  if (tables.size === 0) next.delete(parameter);
  else next.set(parameter, [...tables].join(","));
  return next;
}
