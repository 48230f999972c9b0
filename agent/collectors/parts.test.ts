import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource, type MemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createPartsCollector } from "./parts.ts";

const dmidecode = "dmidecode -t 0,1,2,3,4,16,17,38,39,41".split(" ");
const lshw =
  "lshw -json -quiet -disable scsi -disable ide -disable nvme -disable mmc -disable usb -disable mounts -disable spd -disable isapnp -disable pcmcia -disable pcmcia-legacy".split(
    " ",
  );
const tables = `# dmidecode 3.5
Handle 0x0001, DMI type 1, 27 bytes
System Information
	Manufacturer: Acme

Handle 0x0027, DMI type 39, 22 bytes
System Power Supply
	Location: PSU1
	Serial Number: P100A1
	Max Power Capacity: 800 W
	Status: Present, OK

Handle 0x0028, DMI type 39, 22 bytes
System Power Supply
	Location: PSU2
	Serial Number: P100A2
	Max Power Capacity: 0.800 W
	Status: Present, OK
`;

async function discover(put: (source: MemorySource) => void) {
  const source = createMemorySource({ "/sys/firmware/dmi/tables/DMI": "" });
  put(source);
  const sink = createValueSink();
  const collector = createPartsCollector(source, sink);
  const found = await collector.discover();
  await collector.collect(monotonicMs(0));
  const told = found.absences.map(({ what, reason }) => [what, reason]);
  return { source, sink, told, components: found.identity?.components ?? [] };
}

test("supplies are parts, and what they are rated for is a series where it can be", async () => {
  const { components, sink, told } = await discover((source) => {
    source.putTool(dmidecode, { stdout: tables });
    source.putTool(lshw, { stdout: '{"id":"a","class":"system"}' });
  });
  expect(components.map(({ slot, serial }) => [slot, serial])).toEqual([
    ["PSU1", "P100A1"],
    ["PSU2", "P100A2"],
  ]);
  expect(sink.values()).toEqual({ "hw.power_supply.limit{P100A1,PSU1,power_supply}": 800_000 });
  expect(told).toEqual([["hw.power_supply.limit", "implausible"]]);
});

test("lshw adds what the tables lack and no part twice", async () => {
  const { components } = await discover((source) => {
    source.putTool(dmidecode, { stdout: tables });
    source.putTool(lshw, {
      stdout:
        '[{"id":"power:0","class":"power","description":"PWR 800","serial":"P100A2","capacity":800}]',
    });
  });
  expect(components.map(({ slot, model }) => [slot, model])).toEqual([
    ["PSU1", null],
    ["PSU2", "PWR 800"],
  ]);
});

test("tools that are not there are told with the package that brings them", async () => {
  const { told, components, source } = await discover(() => {});
  expect(components).toEqual([]);
  expect(told).toEqual([
    ["components.board", "tool-missing"],
    ["components.nic.firmware", "tool-missing"],
  ]);
  expect(source.calls).toHaveLength(2);
});

test.each([
  ["/dev/mem: Permission denied\n", 1, "permission-denied"],
  ["# No SMBIOS nor DMI entry point found, sorry.\n", 0, "not-supported"],
  ["something else", 3, "tool-failed"],
])("%j with exit code %i is told as %s", async (stderr, exitCode, reason) => {
  const { told } = await discover((source) => source.putTool(dmidecode, { stderr, exitCode }));
  expect(told[0]).toEqual(["components.board", reason]);
});

test("JSON that ends early costs lshw's word only", async () => {
  const { told, components } = await discover((source) => {
    source.putTool(dmidecode, { stdout: tables });
    source.putTool(lshw, { stdout: '{"id":"a","children":[{' });
  });
  expect(components).toHaveLength(2);
  expect(told).toContainEqual(["components.nic.firmware", "unreadable-text"]);
});

test("where the kernel has no tables nobody is sent to search the memory for them", async () => {
  const { told, source } = await discover((made) => made.remove("/sys/firmware/dmi/tables/DMI"));
  expect(told[0]).toEqual(["components.board", "no-such-hardware"]);
  expect(source.calls).toEqual([`${lshw.join(" ")} -disable dmi`]);
});

test("parts are not said to be gone because their tool hung this time", async () => {
  const { told } = await discover((source) => {
    source.putTool(dmidecode, { kind: "timed-out", tool: "dmidecode", detail: "no answer" });
    source.putTool(lshw, { kind: "failed", tool: "lshw", detail: "killed" });
  });
  expect(told).toEqual([
    ["components.board", "timed-out"],
    ["components.cpu", "timed-out"],
    ["components.dimm", "timed-out"],
    ["components.psu", "timed-out"],
    ["components.bmc", "timed-out"],
    ["components.nic.firmware", "tool-failed"],
    ["components.cpu", "tool-failed"],
    ["components.dimm", "tool-failed"],
    ["components.psu", "tool-failed"],
    ["components.nic", "tool-failed"],
  ]);
});
