import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createReadonlyCollector } from "./filesystem-readonly.ts";

const mount = (place: string, device: string, superOptions: string, options = "rw,relatime") =>
  `22 1 8:1 / ${place} ${options} shared:1 - ext4 ${device} ${superOptions}\n`;

function start(files: Readonly<Record<string, string>>) {
  const source = createMemorySource(files);
  const sink = createValueSink();
  const collector = createReadonlyCollector(source, sink);
  const look = async (mountinfo: string) => {
    sink.beginStep();
    source.put("/proc/self/mountinfo", mountinfo);
    await collector.collect(monotonicMs(0));
    return sink.values();
  };
  return { collector, look };
}

test("a file system that an error turned read-only is told, though the mount still says rw", async () => {
  const before = mount("/", "/dev/sda1", "rw,errors=remount-ro");
  const { collector, look } = start({ "/proc/self/mountinfo": before });
  await collector.discover();
  expect(await look(before)).toEqual({ "system.filesystem.readonly{/,ext4}": 0 });
  const after = mount("/", "/dev/sda1", "ro,errors=remount-ro");
  expect(await look(after)).toEqual({ "system.filesystem.readonly{/,ext4}": 1 });
  await collector.discover();
  expect(await look(after)).toEqual({ "system.filesystem.readonly{/,ext4}": 1 });
  const emergency = mount("/", "/dev/sda1", "rw,emergency_ro,errors=remount-ro");
  expect(await look(emergency)).toEqual({ "system.filesystem.readonly{/,ext4}": 1 });
});

test("one that turned before the agent started is known by fstab", async () => {
  const mountinfo = mount("/data", "/dev/sdb1", "ro");
  const { collector, look } = start({
    "/proc/self/mountinfo": mountinfo,
    "/etc/fstab": "# data\n/dev/sdb1 /data ext4 defaults,nofail 0 2\n",
  });
  await collector.discover();
  expect(await look(mountinfo)).toEqual({ "system.filesystem.readonly{/data,ext4}": 1 });
});

test("one that is meant to be read-only is left alone", async () => {
  const mountinfo = mount("/boot", "/dev/sda2", "ro") + mount("/media/stick", "/dev/sdc1", "ro");
  const { collector, look } = start({
    "/proc/self/mountinfo": mountinfo,
    "/etc/fstab": "/dev/sda2 /boot ext4 ro 0 2\n",
  });
  await collector.discover();
  expect(await look(mountinfo)).toEqual({});
});

test("a sandbox that mounts everything read-only for the agent says nothing of the file system", async () => {
  const mountinfo = mount("/", "/dev/sda1", "rw", "ro,relatime");
  const { collector, look } = start({ "/proc/self/mountinfo": mountinfo });
  await collector.discover();
  expect(await look(mountinfo)).toEqual({ "system.filesystem.readonly{/,ext4}": 0 });
});
