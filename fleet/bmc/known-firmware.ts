import type { IpmiFacts } from "./ipmi/read-controller.ts";
import type { Finding } from "./probe-report.ts";
import type { RedfishFacts } from "./redfish/redfish-facts.ts";

/** Firmware of which it is public that strangers get in; `before`: the first that was mended. */
interface KnownBad {
  readonly controller: RegExp;
  readonly before: readonly number[];
  readonly cve: string;
  readonly what: string;
}

const knownBad: readonly KnownBad[] = [
  {
    controller: /\biLO ?4\b/i,
    before: [2, 53],
    cve: "CVE-2017-12542",
    what: "a header of 29 letters passes the login",
  },
  {
    controller: /\b1[23]G (?:Monolithic|Modular|DCS)\b|\biDRAC ?[78]\b/i,
    before: [2, 52, 52, 52],
    cve: "CVE-2018-1207",
    what: "whoever reaches it can run programs on it",
  },
];

export function knownBadFirmware(
  ipmi: IpmiFacts | null,
  redfish: RedfishFacts | null,
): readonly Finding[] {
  const managers = redfish?.managers ?? [];
  const named = managers.map(({ model, firmware }) => ({
    name: `${model ?? ""} ${firmware ?? ""}`,
    version: versionOf(firmware),
  }));
  const found = named.flatMap(({ name, version }) =>
    knownBad
      .filter(({ controller, before }) => controller.test(name) && isBefore(version, before))
      .map(
        ({ cve, what, before }): Finding => ({
          severity: "danger",
          what: `firmware ${version?.join(".")} is older than ${before.join(".")}: ${what} (${cve})`,
          advice: "update the controller's firmware before anything else",
        }),
      ),
  );
  const isAmi = redfish?.service.vendor === "AMI" || ipmi?.device?.makerName === "AMI";
  if (!isAmi) return found;
  return [
    ...found,
    {
      severity: "note",
      what: "AMI MegaRAC: some of its firmware lets strangers in over Redfish (CVE-2024-54085)",
      advice: "ask the server's maker whether this firmware is mended",
    },
  ];
}

/** The last dotted number: `iLO 4 v2.50` → 2.50. */
function versionOf(text: string | null): readonly number[] | null {
  const match = text === null ? null : /(\d{1,6}(?:\.\d{1,6}){1,5})[^\d.]*$/.exec(text);
  return match?.[1] === undefined ? null : match[1].split(".").map(Number);
}

function isBefore(version: readonly number[] | null, wanted: readonly number[]): boolean {
  if (version === null) return false;
  for (const [index, part] of wanted.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}
