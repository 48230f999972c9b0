export const healthy = { State: "Enabled", Health: "OK" } as const;

export function named(
  path: string,
  type: string,
  id: string,
  name: string,
): Record<string, unknown> {
  return { "@odata.id": path, "@odata.type": `#${type}`, Id: id, Name: name };
}

export function collection(
  path: string,
  type: string,
  members: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    [path]: {
      "@odata.id": path,
      "@odata.type": `#${type}Collection.${type}Collection`,
      Name: `${type} collection`,
      "Members@odata.count": members.length,
      Members: members.map(link),
    },
  };
}

export function link(path: string): Readonly<Record<string, string>> {
  return { "@odata.id": path };
}
