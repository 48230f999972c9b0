import { generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AuthorityFile } from "#fleet/identity/certificate-authority.ts";
import { StoreError } from "./store-error.ts";
import { writeWholeFile } from "./whole-file.ts";

/** Key and certificate of the cell's authority, in the data folder; mode 0600. */
export const authorityFileName = "authority.pem";

/**
 * The authority's file: private key and certificate together, so that they are there together or
 * not at all. Throws StoreError `STORE_FAILED` where others than its owner may read it.
 */
export function createAuthorityFile(dataFolder: string): AuthorityFile {
  const path = join(dataFolder, authorityFileName);
  return {
    read() {
      const mode = statSync(path, { throwIfNoEntry: false })?.mode;
      if (mode === undefined) return null;
      if ((mode & 0o077) !== 0)
        throw new StoreError(
          "STORE_FAILED",
          `others than its owner may read ${path}, which holds the key that says who is a host; if nobody did, run: chmod 600 ${path}`,
        );
      const text = readFileSync(path, "utf8");
      const certificateAt = text.indexOf("-----BEGIN CERTIFICATE-----");
      return {
        privateKeyPem: text.slice(0, Math.max(0, certificateAt)),
        certificatePem: text.slice(Math.max(0, certificateAt)),
      };
    },
    write({ privateKeyPem, certificatePem }) {
      writeWholeFile(path, `${privateKeyPem.trimEnd()}\n${certificatePem.trimEnd()}\n`, 0o600);
    },
  };
}

/** A fresh P-256 private key, PKCS #8 PEM, from the system's random source. */
export function newPrivateKeyPem(): string {
  return generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
}
