import { describe, expect, test } from "vitest";
import type { ReadEstateOptions } from "./estate-document.ts";
import { readEstate } from "./read-estate.ts";

const read = (text: string, differs: Partial<ReadEstateOptions> = {}) =>
  readEstate(text, {
    file: "plan.csv",
    format: undefined,
    roles: [],
    siteCodes: new Map(),
    rowUsual: undefined,
    ...differs,
  });
const lines = (...rows: readonly string[]): string => rows.join("\n");
const codes = (text: string, differs: Partial<ReadEstateOptions> = {}) =>
  read(text, differs).problems.map(({ at, column, code }) => [at, column, code]);

describe("a CSV file", () => {
  const plain = lines(
    "name,serial,position,height_units,bmc_mac,tags,nameplate_watts",
    'web-1,SN1,eu/fra2/row-b/rack-07/u12,2,0025.90AA.BBCC,"storage,canary",750',
    "web-2,,eu/fra2/row-b/rack-07/u14,,,,",
  );

  test("is read by the names of its columns", () => {
    const { estate, problems } = read(plain);
    expect(problems).toEqual([]);
    expect(estate.hosts).toMatchObject([
      {
        at: "line 2",
        name: "web-1",
        serial: "SN1",
        place: { region: "eu", site: "fra2", row: "row-b", rack: "rack-07", unit: 12 },
        heightUnits: 2,
        bmcMac: "00:25:90:aa:bb:cc",
        tags: ["canary", "storage"],
        nameplateWatts: 750,
      },
      { at: "line 3", name: "web-2", serial: undefined, heightUnits: undefined, tags: undefined },
    ]);
  });

  test.each([
    ["a byte order mark and CRLF", (text: string) => `\ufeff${text.replaceAll("\n", "\r\n")}\r\n`],
    ["CR alone", (text: string) => text.replaceAll("\n", "\r")],
    ["blank lines", (text: string) => text.replaceAll("\n", "\n\n\n")],
    ["columns in capitals", (text: string) => text.replace(/^.*/, (head) => head.toUpperCase())],
    [
      "everything in quotes",
      (text: string) =>
        text.replaceAll('"storage,canary"', "storage canary").replaceAll(/[^,\n]+/g, '"$&"'),
    ],
  ])("with %s says the same", (_, change) => {
    const facts = (text: string) => read(text).estate.hosts.map(({ at: _at, ...rest }) => rest);
    expect(read(change(plain)).problems).toEqual([]);
    expect(facts(change(plain))).toEqual(facts(plain));
  });

  test.each([";", "\t"])("with %j between the fields is taken, and that is said", (sign) => {
    const text = lines(["name", "serial", "tags"].join(sign), ["web-1", "SN1", "a b"].join(sign));
    const { estate, notes } = read(text);
    expect(estate.hosts).toMatchObject([{ name: "web-1", serial: "SN1", tags: ["a", "b"] }]);
    expect(notes[0]?.words).toMatch(/^fields are separated by/);
    expect(read(`sep=;\r\nname;serial\r\nweb-1;SN1\r\n`).estate.hosts[0]?.at).toBe("line 3");
  });

  test("says none with a dash, and nothing with nothing", () => {
    const { estate } = read(lines("name,serial,switch_port,tags", "web-1,-,,-"));
    expect(estate.hosts).toMatchObject([{ serial: null, switchPort: undefined, tags: [] }]);
  });

  test("of racks and of sites gives feeds, windows and time zones", () => {
    const racks = lines(
      "region,site,row,rack,height_units,feeds_watts",
      'eu,fra2,b,07,48,"B=7200@ups-b2; A=7200@ups-a2"',
    );
    expect(read(racks).estate.racks).toMatchObject([
      {
        row: "row-b",
        rack: "rack-07",
        heightUnits: 48,
        feeds: [
          { name: "A", budgetWatts: 7200, upstream: "ups-a2" },
          { name: "B", budgetWatts: 7200, upstream: "ups-b2" },
        ],
      },
    ]);
    const sites = lines(
      "site,time_zone,windows_local",
      "fra2,europe/berlin,fri-mon 22:00-04:00; wed 00:00-24:00",
    );
    expect(read(sites).estate.sites).toMatchObject([
      {
        code: "fra2",
        timeZone: "Europe/Berlin",
        windows: [
          { days: [1, 5, 6, 7], fromMinute: 1320, toMinute: 240 },
          { days: [3], fromMinute: 0, toMinute: 1440 },
        ],
      },
    ]);
  });

  test("names line, column, what is wrong and what to do for each mistake, and goes on", () => {
    const { problems, estate } = read(
      lines(
        "name,serial,position,bmc_mac,nameplate_watts,height_units,phase",
        "web 1,SN1,eu/fra2/row-b/rack-07/u12,,,,",
        "web-2,To Be Filled By O.E.M.,eu/fra2/row-b/rack-07/u61,,,,",
        "web-3,SN3,fra2/b/07/12,ff:ff:ff:ff:ff:ff,7.5kW,0,",
        ",SN4,,,,,",
        "web-5,SN5",
        'web-6,"SN6" x,,,,,',
        'web-7,"SN7,,,,,',
      ),
    );
    expect(problems.map(({ at, column }) => `${at} ${column}`)).toEqual([
      "line 7 null",
      "line 8 null",
      "line 6 null",
      "line 2 name",
      "line 3 serial",
      "line 3 position",
      "line 4 position",
      "line 4 height_units",
      "line 4 bmc_mac",
      "line 4 nameplate_watts",
      "line 5 name",
    ]);
    for (const problem of problems) {
      expect(problem.file).toBe("plan.csv");
      expect(problem.words.length).toBeGreaterThan(10);
      expect(problem.todo.length).toBeGreaterThan(3);
    }
    expect(estate.hosts).toHaveLength(3);
  });

  test.each([
    ["an empty file", "", "the file is empty"],
    ["UTF-16", "\ufffd\ufffdn\0a\0m\0e\0", "UTF-16"],
    ["a NUL byte", `name,serial\nweb-1,SN${"x".repeat(5_000)}\0`, "NUL"],
    ["prose", "Dear all,\nplease find attached", "names no columns"],
    ["an unknown column", "name,serail\nweb-1,SN1", 'no column "serail"'],
    ["one column twice", "name,serial,serial\nweb-1,SN1,SN2", "twice"],
    ["broken JSON", '{"hosts": [', "no JSON"],
    ["a page of HTML", "<!doctype html><html>", "names no columns"],
  ])("that is %s is refused with words", (_, text, words) => {
    expect(read(text).problems[0]?.words).toContain(words);
  });

  test("with a mistyped column is told which was meant", () => {
    expect(read("name,serail\nweb-1,SN1").problems[0]?.todo).toMatch(/^did you mean serial\?/);
  });

  test("in which every row is wrong tells two hundred and counts the rest", () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => `web ${index}`);
    const reading = read(lines("name", ...rows));
    expect(reading.problems).toHaveLength(200);
    expect(reading.problemsLeftOut).toBe(800);
  });

  test("of 32 MiB and more is refused before it is read", () => {
    expect(read("a".repeat(32 * 1024 * 1024 + 1)).problems[0]?.words).toMatch(/32 MiB/);
  });
});

describe("a JSON file of ours", () => {
  test("says null for none, and leaves out what stays", () => {
    const text = JSON.stringify({
      format: "wws-estate/1",
      sites: [{ site: "fra2", timeZone: null, windows: null }],
      racks: [{ site: "fra2", row: "row-b", rack: "rack-07", feeds: [{ name: "A" }] }],
      hosts: [{ name: "web-1", serial: null, tags: ["b", "a"], position: null }],
    });
    const { estate, problems } = read(text);
    expect(problems).toEqual([]);
    expect(estate.sites).toMatchObject([{ timeZone: null, windows: [], region: undefined }]);
    expect(estate.racks).toMatchObject([
      { heightUnits: undefined, feeds: [{ name: "A", budgetWatts: null, upstream: null }] },
    ]);
    expect(estate.hosts).toMatchObject([
      { serial: null, place: null, tags: ["a", "b"], bmcMac: undefined },
    ]);
  });

  test("with values of other types names each place", () => {
    const text =
      '{"hosts": [{"name": 7, "serial": {}, "tags": "x", "__proto__": 1}, 3, {}], "racks": {}, "x": 1}';
    expect(codes(text)).toEqual([
      [null, "x", "column-unknown"],
      ["racks", null, "value-invalid"],
      ["hosts[0]", "__proto__", "column-unknown"],
      ["hosts[0]", "serial", "value-invalid"],
      ["hosts[0]", "tags", "value-invalid"],
      ["hosts[1]", null, "value-invalid"],
      ["hosts[2]", "name", "value-missing"],
    ]);
  });
});

describe("an export of NetBox", () => {
  const devices = lines(
    "Name,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,Serial number,Asset tag,Position (U),Rack face,U Height,Tags,BMC MAC",
    'fra2-b07-01,Active,ACME,FRA2,Row B,Rack 07,Server,Dell,PowerEdge R650,ABC1234,A-1,12.0,Front,1.0,"canary,Gold tier",00:25:90:00:00:01',
    "fra2-b07-02,Planned,,FRA2,Row B,Rack 07,Server,Dell,PowerEdge R750,,,13.0,Front,2.0,,",
    "fra2-b07-03,Decommissioning,,FRA2,Row B,Rack 07,Server,Dell,PowerEdge R650,OLD1,,20.0,Front,1.0,,",
    "fra2-b07-sw,Active,,FRA2,Row B,Rack 07,Switch,Arista,7050,SW1,,42.0,Rear,1.0,,",
  );

  test("of devices gives hosts of the roles that were chosen", () => {
    const { estate, problems, notes } = read(devices, { roles: ["server"] });
    expect(problems).toEqual([]);
    expect(estate.hosts).toMatchObject([
      {
        name: "fra2-b07-01",
        serial: "ABC1234",
        hardwareClass: "PowerEdge R650",
        place: { site: "fra2", row: "row-b", rack: "rack-07", unit: 12 },
        tags: ["Gold-tier", "canary"],
        bmcMac: "00:25:90:00:00:01",
        phase: undefined,
      },
      { name: "fra2-b07-02", serial: undefined, heightUnits: 2 },
    ]);
    expect(notes.map(({ words }) => words)).toEqual([
      '1 of 4 devices have another role and are left out; roles are "Server" 3, "Switch" 1',
      "1 devices are being decommissioned and left out",
    ]);
  });

  test("with several roles wants to know which are hosts", () => {
    expect(read(devices).problems).toMatchObject([
      { code: "role-unchosen", todo: expect.stringContaining("--role server") },
    ]);
  });

  test("of racks gives heights", () => {
    const racks = lines(
      "Name,Site,Location,Status,Facility ID,Role,Height,Devices",
      "Rack 07,FRA2,Row B,Active,,Compute,48U,3",
    );
    expect(read(racks).estate.racks).toMatchObject([
      { site: "fra2", row: "row-b", rack: "rack-07", heightUnits: 48 },
    ]);
  });

  test("without the column for the place says how to get it", () => {
    const text = lines("Name,Status,Site,Rack,Role", "a,Active,FRA2,R1,Server");
    expect(read(text).problems.map(({ column }) => column)).toContain("position");
    expect(read(text).problems[0]?.todo).toContain("Configure");
  });

  test("calls sites as it likes: somebody says which they are", () => {
    const text = lines(
      "Name,Status,Site,Location,Rack,Position (U),Serial number",
      "a,Active,Frankfurt DC 2,B,7,1.5,S1",
      "b,Active,Frankfurt DC 2,,7,2.0,S2",
    );
    expect(codes(text).map(([, column]) => column)).toEqual([
      "site",
      "position",
      "site",
      "location",
    ]);
    const { estate, problems } = read(text, {
      siteCodes: new Map([["frankfurt dc 2", "fra2"]]),
      rowUsual: "row-a",
    });
    expect(problems).toMatchObject([{ at: "line 2", words: "unit 1.5 lies between two units" }]);
    expect(estate.hosts[1]?.place).toMatchObject({ site: "fra2", row: "row-a", rack: "rack-7" });
  });

  test("as the answers of its API is read too, device types giving the heights", () => {
    const text = JSON.stringify({
      sites: {
        count: 1,
        next: null,
        results: [{ id: 1, name: "Frankfurt 2", slug: "fra2", time_zone: "Europe/Berlin" }],
      },
      racks: {
        results: [
          {
            name: "R07",
            site: { slug: "fra2" },
            location: { name: "B" },
            u_height: 45,
            desc_units: false,
            starting_unit: 1,
          },
        ],
      },
      device_types: {
        results: [{ id: 5, model: "R750", u_height: 2.0, is_full_depth: true, slug: "r750" }],
      },
      devices: {
        count: 2,
        next: "https://netbox.example/api/dcim/devices/?offset=50",
        results: [
          {
            name: "web-1",
            status: { value: "active", label: "Active" },
            device_type: { id: 5, model: "R750", slug: "r750" },
            role: { name: "Server", slug: "server" },
            serial: "S1",
            site: { name: "Frankfurt 2", slug: "fra2" },
            location: { name: "B" },
            rack: { name: "R07" },
            position: 12.0,
            face: { value: "front" },
            tags: [{ name: "Canary", slug: "canary" }],
            custom_fields: { bmc_mac: "00:25:90:00:00:01" },
          },
        ],
      },
    });
    const { estate, problems, notes } = read(text);
    expect(problems).toEqual([]);
    expect(estate.sites).toMatchObject([{ code: "fra2", timeZone: "Europe/Berlin" }]);
    expect(estate.racks).toMatchObject([{ rack: "rack-r07", heightUnits: 45 }]);
    expect(estate.hosts).toMatchObject([
      {
        at: "devices[0]",
        name: "web-1",
        heightUnits: 2,
        place: { row: "row-b", rack: "rack-r07", unit: 12 },
        tags: ["canary"],
      },
    ]);
    expect(notes).toMatchObject([{ at: "devices", words: expect.stringContaining("?limit=0") }]);
  });

  test("in which two racks would become one is refused", () => {
    const text = lines(
      "Name,Status,Site,Location,Height",
      "R-07,Active,fra2,B,42",
      "R07,Active,fra2,B,42",
    );
    expect(codes(text)).toEqual([["line 3", "rack", "rack-twice"]]);
  });
});
