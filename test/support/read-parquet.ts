import { parquetMetadata, parquetReadObjects } from "hyparquet";

/** Reads a Parquet file with a reader that is not its writer: its rows, and its own key-values. */
export async function readParquet(bytes: Uint8Array): Promise<{
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly about: Readonly<Record<string, string>>;
}> {
  const file = new Uint8Array(bytes).buffer;
  const { key_value_metadata: pairs = [] } = parquetMetadata(file);
  return {
    rows: await parquetReadObjects({ file }),
    about: Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? ""])),
  };
}
