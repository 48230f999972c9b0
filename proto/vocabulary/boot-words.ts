/**
 * Words of the kernel's command line by which the boot network tells the imaging OS for whom it was
 * started. They name and point, and authorise nothing: that is the token's part alone.
 */
export interface BootWords {
  /** Where orders come from and progress goes to: `http://10.0.2.2:8080/v1`, without a last slash. */
  readonly url: string | null;
  readonly hostId: string | null;
  readonly hostName: string | null;
  readonly operationId: string | null;
  /**
   * SHA-256 of the SPKI DER of the keys whose tokens are taken, hexadecimal, beside those that the
   * imaging OS was built with; at most `boot.keys` of them.
   */
  readonly keyIds: readonly string[];
}

export const bootWordNames = {
  url: "wws.url",
  hostId: "wws.host",
  hostName: "wws.name",
  operationId: "wws.operation",
  keyIds: "wws.keys",
} as const satisfies Record<keyof BootWords, string>;

const keysMax = 8;
/** What the kernel of Debian takes is 2,048 bytes. */
const lineCharactersMax = 2_048;

/** Any value of a boot script: nothing that a shell, iPXE or the kernel's parser would read anew. */
export const bootValueForm = /^[A-Za-z0-9._=:/,-]{1,256}$/;

const forms: { readonly [Name in keyof BootWords]: RegExp } = {
  url: /^https?:\/\/[a-z0-9.-]{1,200}(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._/-]{0,200})?$/,
  hostId: /^[A-Za-z0-9-]{1,64}$/,
  hostName: /^[A-Za-z0-9.-]{1,64}$/,
  operationId: /^[A-Za-z0-9-]{1,64}$/,
  keyIds: /^[0-9a-f]{64}(?:,[0-9a-f]{64}){0,7}$/,
};

/** Reads `/proc/cmdline`. A word that is not of its form counts as not there; the first one counts. */
export function parseBootWords(line: string): BootWords {
  const given = new Map<string, string>();
  for (const word of line.slice(0, lineCharactersMax).split(/\s+/)) {
    const at = word.indexOf("=");
    const name = word.slice(0, at);
    if (at > 0 && !given.has(name)) given.set(name, word.slice(at + 1));
  }
  const take = (name: keyof BootWords): string | null => {
    const value = given.get(bootWordNames[name]);
    return value !== undefined && forms[name].test(value) ? value : null;
  };
  return {
    url: take("url")?.replace(/\/+$/, "") ?? null,
    hostId: take("hostId"),
    hostName: take("hostName"),
    operationId: take("operationId"),
    keyIds: take("keyIds")?.split(",").slice(0, keysMax) ?? [],
  };
}

/** The words as a boot script writes them. Throws what is not of its form: nothing is escaped. */
export function writeBootWords(words: BootWords): string {
  const texts: Record<keyof BootWords, string | null> = {
    ...words,
    keyIds: words.keyIds.length === 0 ? null : words.keyIds.join(","),
  };
  return (Object.keys(bootWordNames) as (keyof BootWords)[])
    .flatMap((name) => {
      const value = texts[name];
      if (value === null) return [];
      if (!forms[name].test(value)) throw new Error(`${bootWordNames[name]} cannot be ${value}`);
      return [`${bootWordNames[name]}=${value}`];
    })
    .join(" ");
}
