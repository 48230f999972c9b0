import { compareEstate } from "#fleet/inventory/estate/compare-estate.ts";
import { readEstate } from "#fleet/inventory/estate/read-estate.ts";
import { currentEstate, plainReading } from "#test/support/estate-builders.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

/** Files of the estate, as people and other systems write them; each is compared with nothing too. */
export const targets: readonly FuzzTarget[] = [
  {
    name: "estate: our CSV",
    samples: () => [
      `name,serial,position,height_units,bmc_mac,switch_port,tags,phase,nameplate_watts
web-1,CZ20240001,eu/fra2/row-b/rack-07/u12,2,00:25:90:aa:bb:01,sw-1/Eth1/12,"canary,gpu",planned,750
web-2,CZ20240002,eu/fra2/row-b/rack-07/u14,2,0025.90aa.bb02,'=x,-,,1200
`,
      "sep=;\r\nname;region;site;row;rack;unit\r\nweb-1;eu;fra2;b;07;12\r\nweb-2;eu;fra2;b;07;13\r\n",
      '\ufeffsite,row,rack,height_units,feeds_watts\nfra2,row-b,rack-07,48,"A=7200@ups-a2; B=7200@ups-b2"\n',
      "site\ttime_zone\twindows_local\nfra2\tEurope/Berlin\ttue+thu 02:00-05:00; fri-mon 22:00-04:00\n",
    ],
    recordings: null,
    parse: readAndCompare,
  },
  {
    name: "estate: our JSON",
    samples: () => [
      JSON.stringify({
        format: "wws-estate/1",
        sites: [
          { site: "fra2", region: "eu", timeZone: "Europe/Berlin", windows: "sun 02:00-06:00" },
        ],
        racks: [
          {
            site: "fra2",
            row: "row-b",
            rack: "rack-07",
            heightUnits: 48,
            feeds: [{ name: "A", budgetWatts: 7200, upstream: "ups-a2" }],
          },
        ],
        hosts: [
          {
            name: "web-1",
            serial: "CZ20240001",
            class: "w1",
            position: "eu/fra2/row-b/rack-07/u12",
            heightUnits: 2,
            bmcMac: "00:25:90:aa:bb:01",
            switchPort: null,
            tags: ["canary"],
            phase: "planned",
            nameplateWatts: 750,
          },
        ],
      }),
    ],
    recordings: null,
    parse: readAndCompare,
  },
  {
    name: "estate: exports of NetBox",
    samples: () => [
      `Name,Status,Site,Location,Rack,Role,Type,Serial number,Position (U),Rack face,U Height,Tags,BMC MAC
fra2-b07-01,Active,FRA2,Row B,Rack 07,Server,R650,CZ20240001,12.0,Front,1.0,"canary,gold",00:25:90:aa:bb:01
fra2-b07-02,Planned,FRA2,Row B,Rack 07,Server,R750,,13.0,Rear,2.0,,
`,
      "Name,Site,Location,Status,Facility ID,Height\nRack 07,FRA2,Row B,Active,F2,48U\n",
      JSON.stringify({
        device_types: { results: [{ id: 5, model: "R750", u_height: 2, is_full_depth: true }] },
        racks: {
          results: [{ name: "R07", site: { slug: "fra2" }, location: { name: "B" }, u_height: 45 }],
        },
        devices: {
          count: 1,
          next: null,
          results: [
            {
              name: "web-1",
              status: { value: "active" },
              device_type: { id: 5, model: "R750" },
              role: { name: "Server" },
              serial: "CZ20240001",
              site: { name: "Frankfurt 2", slug: "fra2" },
              location: { name: "B" },
              rack: { name: "R07" },
              position: 12,
              face: { value: "front" },
              tags: [{ slug: "canary" }],
              custom_fields: { bmc_mac: "00:25:90:aa:bb:01" },
            },
          ],
        },
      }),
    ],
    recordings: null,
    parse: (text) => {
      const reading = readEstate(text, { ...plainReading, format: "netbox", roles: ["server"] });
      return said({ reading, comparison: compareEstate("fuzz", reading, currentEstate()) });
    },
  },
];

function readAndCompare(text: string): unknown {
  const reading = readEstate(text, plainReading);
  return said({ reading, comparison: compareEstate("fuzz", reading, currentEstate()) });
}

/** Without the fields that a file does not say. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, said(field)]));
}
