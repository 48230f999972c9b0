/**
 * What we take of a device, rack or site of NetBox, from either of its forms. Texts as they stand;
 * undefined: it does not say. Sources: the columns of its device and rack tables (dcim/tables) and of
 * its bulk import (dcim/forms/bulk_import), the answers of GET /api/dcim/devices/, racks/, sites/ and
 * device-types/ of NetBox 2.10 to 4.x.
 */
export interface NetboxItem {
  readonly kind: "device" | "rack" | "site";
  readonly at: string;
  readonly name: string | undefined;
  /** How an address has it, `fra2`; JSON only. */
  readonly slug: string | undefined;
  readonly status: string | undefined;
  readonly role: string | undefined;
  readonly deviceType: string | undefined;
  readonly serial: string | undefined;
  readonly site: string | undefined;
  readonly siteSlug: string | undefined;
  readonly location: string | undefined;
  readonly rack: string | undefined;
  readonly position: string | undefined;
  readonly face: string | undefined;
  /** Of the device or of the rack; `2.0`, `42U`. */
  readonly height: string | undefined;
  readonly isFullDepth: boolean | undefined;
  /** The rack counts its units from the top, or not from 1. */
  readonly countsOtherwise: boolean;
  readonly tags: string | undefined;
  readonly bmcMac: string | undefined;
  readonly switchPort: string | undefined;
  readonly nameplateWatts: string | undefined;
  readonly timeZone: string | undefined;
}
