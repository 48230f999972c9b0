import type { SampleSink, SeriesHandle, SeriesRequest } from "#agent/collectors/collector.ts";

/** A sink that keeps what the last step set, under readable names: `system.disk.io{sda,read}`. */
export interface ValueSink extends SampleSink {
  /** Forgets the values, not the series: a new step. */
  beginStep(): void;
  /** undefined: not seen in this step. Throws where no such series was declared. */
  value(name: string): number | undefined;
  /** All values of this step by name. */
  values(): Readonly<Record<string, number>>;
  /** Names of all declared series, sorted. */
  names(): readonly string[];
  request(name: string): SeriesRequest;
}

export function createValueSink(): ValueSink {
  const requests: SeriesRequest[] = [];
  const names = new Map<string, SeriesHandle>();
  const values = new Map<SeriesHandle, number>();
  const require = (name: string): SeriesHandle => {
    const handle = names.get(name);
    if (handle === undefined)
      throw new Error(`no series ${name} among ${[...names.keys()].join(" ")}`);
    return handle;
  };
  return {
    declare(request) {
      const attributes = Object.values(request.attributes).join(",");
      const name = attributes === "" ? request.metric : `${request.metric}{${attributes}}`;
      const known = names.get(name);
      if (known !== undefined) return known;
      names.set(name, requests.length);
      requests.push(request);
      return requests.length - 1;
    },
    set(handle, integer) {
      if (!Number.isInteger(integer)) throw new Error(`${integer} is no whole number`);
      if (requests[handle] === undefined) throw new Error(`no series has the handle ${handle}`);
      // As the agent's own table does: what the wire cannot hold exactly is not kept.
      if (Number.isSafeInteger(integer)) values.set(handle, integer);
    },
    beginStep: () => values.clear(),
    value: (name) => values.get(require(name)),
    values: () =>
      Object.fromEntries(
        [...names].flatMap(([name, handle]) =>
          values.has(handle) ? [[name, values.get(handle) ?? 0]] : [],
        ),
      ),
    names: () => [...names.keys()].sort(),
    request: (name) => {
      const request = requests[require(name)];
      if (request === undefined) throw new Error(`no series ${name}`);
      return request;
    },
  };
}
