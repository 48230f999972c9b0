import type { HardwareSource, ReadProblem } from "#agent/hardware/hardware-source.ts";
import { spreadOf } from "#agent/report/spread.ts";
import { ok, type Result } from "#proto/vocabulary/result.ts";

/**
 * One recorded machine stands for many: each gets a hostname, serials, UUID and addresses of its own,
 * made of its name, so that no two hosts look like one. What a machine does not say stays unsaid.
 */
export function withOwnIdentity(source: HardwareSource, name: string): HardwareSource {
  const digits = spreadOf(name).toString(16).padStart(8, "0");
  return {
    ...source,
    readText: (path) => changeText(source.readText(path), path, name, digits),
    async askSystemInformation(call) {
      const answer = await source.askSystemInformation(call);
      return answer.ok ? ok(changeFields(answer.value, name, digits)) : answer;
    },
  };
}

function changeText(
  read: Result<string, ReadProblem>,
  path: string,
  name: string,
  digits: string,
): Result<string, ReadProblem> {
  if (!read.ok || read.value.trim() === "") return read;
  if (path === "/proc/sys/kernel/hostname" || path === "/etc/hostname") return ok(`${name}\n`);
  const change = textChanges.find(({ form }) => form.test(path))?.change;
  return change === undefined ? read : ok(`${change(read.value.trim(), digits)}\n`);
}

type Change = (value: string, digits: string) => string;

const withTail: Change = (value, digits) => `${value}-${digits}`;
const withLastDigits: Change = (value, digits) => value.slice(0, -digits.length) + digits;
/** `52:54:00:ab:cd:ef`: the last three bytes. */
const withOwnAddress: Change = (value, digits) =>
  `${value.slice(0, -8)}${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`;

const textChanges: readonly { readonly form: RegExp; readonly change: Change }[] = [
  { form: /\/(product|board|chassis)_serial$/, change: withTail },
  { form: /\/product_uuid$/, change: withLastDigits },
  { form: /\/sys\/(block|class\/nvme|class\/block)\/.*\/serial$/, change: withTail },
  { form: /\/(wwid|wwn)$/, change: withTail },
  { form: /\/sys\/class\/net\/[^/]+\/address$/, change: withOwnAddress },
];

/** The same in the answers of systeminformation, wherever in them it stands. */
function changeFields(value: unknown, name: string, digits: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => changeFields(entry, name, digits));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      if (typeof field !== "string" || field === "" || field === "-")
        return [key, changeFields(field, name, digits)];
      return [key, fieldChanges[key]?.(field, digits) ?? (key === "hostname" ? name : field)];
    }),
  );
}

const fieldChanges: Readonly<Record<string, Change>> = {
  serial: withTail,
  serialNum: withTail,
  uuid: withLastDigits,
  mac: withOwnAddress,
};
