/**
 * The time zone of a site, from its airport code (`nrt1` → `Asia/Tokyo`); null where the airport is
 * not in our list: an operator says it then. IANA zone names.
 */
export function airportTimeZone(site: string): string | null {
  return zones.get(site.slice(0, 3)) ?? null;
}

const zones: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "America/New_York": "iad dca bwi ewr jfk lga bos atl clt rdu ric mia cmh pit phl",
    "America/Detroit": "dtw",
    "America/Toronto": "yyz yul yow",
    "America/Chicago": "ord mdw dfw dal aus iah sat mci msp stl dsm",
    "America/Winnipeg": "ywg",
    "America/Denver": "den slc abq bzn",
    "America/Edmonton": "yyc yeg",
    "America/Phoenix": "phx",
    "America/Los_Angeles": "lax sfo sjc oak sea pdx las rno smf san",
    "America/Vancouver": "yvr",
    "America/Mexico_City": "mex qro",
    "Europe/London": "lhr lgw stn ltn man edi",
    "Europe/Dublin": "dub",
    "Europe/Lisbon": "lis",
    "Europe/Madrid": "mad bcn",
    "Europe/Paris": "cdg ory mrs lys",
    "Europe/Brussels": "bru",
    "Europe/Amsterdam": "ams",
    "Europe/Berlin": "fra muc ber txl dus ham str",
    "Europe/Zurich": "zrh gva",
    "Europe/Vienna": "vie",
    "Europe/Prague": "prg",
    "Europe/Warsaw": "waw",
    "Europe/Rome": "mxp lin fco",
    "Europe/Copenhagen": "cph",
    "Europe/Oslo": "osl",
    "Europe/Stockholm": "arn lla",
    "Europe/Helsinki": "hel",
    "Europe/Athens": "ath",
    "Europe/Bucharest": "otp",
    "Asia/Tokyo": "nrt hnd kix itm cts fuk",
    "Asia/Seoul": "icn gmp pus",
    "Asia/Taipei": "tpe tsa",
    "Asia/Hong_Kong": "hkg",
    "Asia/Shanghai": "pek pvg can szx",
  }).flatMap(([zone, airports]) => airports.split(" ").map((airport) => [airport, zone] as const)),
);
