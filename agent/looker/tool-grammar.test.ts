import { expect, test } from "vitest";
import { type LookingTool, lookingTools } from "#agent/hardware/hardware-source.ts";
import { fc } from "#test/support/properties.ts";
import { mayRun, needsRoot } from "./tool-grammar.ts";

const line = (text: string): readonly [LookingTool, readonly string[]] => {
  const [tool, ...args] = text.split(" ");
  const found = lookingTools.find((name) => name === tool);
  if (found === undefined) throw new Error(`${tool} is no looking tool`);
  return [found, args];
};

test.each([
  "smartctl --version",
  "smartctl --scan-open --json",
  "smartctl --json --scan-open -d nvme",
  "smartctl -x --json -n standby /dev/sda",
  "smartctl --json=c -x -n standby,3,5 -d megaraid,12 /dev/bus/0",
  "smartctl --json -a --nocheck=standby --device=sat+megaraid,4 /dev/sdb",
  "smartctl -j -x -n standby -d cciss,0 /dev/sg3",
  "smartctl -j -x /dev/nvme0",
  "smartctl -j -l devstat -l selftest -n standby -d sat,12 /dev/sda",
  "smartctl -j -x -n standby -d usbjmicron,0 /dev/sdc",
  "smartctl -j -x -n standby -d sntasmedia /dev/disk/by-id/usb-Some_Disk_0123-0:0",
  "nvme list -o json",
  "nvme smart-log /dev/nvme0 -o json",
  "nvme id-ctrl -o json /dev/nvme0n1",
  "nvme error-log /dev/nvme12 --log-entries=64 --output-format=json",
  "nvme version",
  "ipmitool sdr elist full",
  "ipmitool -I open sdr elist all",
  "ipmitool sdr type Power Supply".replace("Power Supply", "Fan"),
  "ipmitool dcmi power reading",
  "ipmitool dcmi power reading 5_sec",
  "ipmitool mc info",
  "ipmitool mc watchdog get",
  "ipmitool sel elist last 100",
  "ipmitool sel info",
  "ipmitool fru print 0",
  "ipmitool chassis status",
  "ipmitool chassis restart_cause",
  "ipmitool lan print 1",
  "dmidecode --version",
  "dmidecode -t 17",
  "dmidecode -q -t memory,processor",
  "dmidecode -s system-uuid",
  "lshw -version",
  "lshw -json -quiet -disable scsi -disable ide -disable usb -disable pcmcia-legacy",
  "lvs --reportformat json --units b -o lv_name,vg_name,lv_attr -a --nosuffix",
  "multipath -ll",
  "storcli64 /call show all J",
  "storcli64 /c0/eall/sall show all J nolog",
  "perccli64 /c0/v0 show J",
  "storcli64 show J",
  "storcli64 /cALL/eALL/sALL show all J",
  "ssacli ctrl all show config detail",
  "ssacli ctrl slot=3 pd all show detail",
  "sas3ircu LIST",
  "sas2ircu 0 DISPLAY",
  "nvidia-smi -q -x",
  "nvidia-smi --query-gpu=index,power.draw,temperature.gpu --format=csv,noheader,nounits",
  "rocm-smi --json --showpower --showtemp",
  "amd-smi metric --json",
  "amd-smi static -g all --json",
])("looks: %s", (text) => {
  expect(mayRun(...line(text))).toBe(true);
});

test.each([
  "smartctl -t long -n standby /dev/sda",
  "smartctl -X /dev/nvme0",
  "smartctl -s off -n standby /dev/sda",
  "smartctl --set=standby,now -n standby /dev/sda",
  "smartctl -o on -n standby /dev/sda",
  "smartctl -l scterc,70,70 -n standby /dev/sda",
  "smartctl -B /etc/shadow -i -n standby /dev/sda",
  "smartctl -P showall",
  "smartctl -x -n standby /etc/shadow",
  "smartctl -x -n standby /dev/shm/sda",
  "smartctl -x -n standby /dev/sda /dev/sdb",
  "smartctl -x -n standby -d marvell,x /dev/sda",
  // It would wake the drive.
  "smartctl -x --json /dev/sda",
  "smartctl -x -n never /dev/sda",
  "nvme format /dev/nvme0n1",
  "nvme sanitize /dev/nvme0",
  "nvme smart-log /dev/sda",
  "nvme get-log /dev/nvme0 --log-id=6",
  "nvme telemetry-log /dev/nvme0 --output-file=/etc/passwd",
  "nvme admin-passthru /dev/nvme0",
  "nvme connect-all",
  "nvme ocp clear-fw-activate-history /dev/nvme0",
  "ipmitool -H 192.0.2.1 -U root sdr list",
  "ipmitool -I lanplus sdr list",
  "ipmitool -S /etc/shadow sdr list",
  "ipmitool -f /etc/shadow mc info",
  "ipmitool chassis power off",
  "ipmitool chassis power cycle",
  "ipmitool chassis identify 15",
  "ipmitool chassis bootdev pxe",
  "ipmitool mc reset cold",
  "ipmitool mc watchdog off",
  "ipmitool sel clear",
  "ipmitool sel delete 1",
  "ipmitool sel save /etc/passwd",
  "ipmitool sel time set now",
  "ipmitool sdr dump /etc/passwd",
  "ipmitool sensor thresh Fan lower 1 2 3",
  "ipmitool fru write 0 /etc/passwd",
  "ipmitool raw 0x06 0x02",
  "ipmitool exec /etc/passwd",
  "ipmitool user set password 2 x",
  "ipmitool dcmi power set_limit limit 100",
  "ipmitool dcmi power activate",
  "ipmitool lan set 1 ipsrc dhcp",
  "ipmitool shell",
  "dmidecode --dump-bin /etc/passwd",
  "dmidecode --from-dump /etc/shadow",
  "dmidecode -d /dev/mem",
  "lshw -dump /etc/passwd",
  "lshw -enable isapnp -disable scsi -disable ide -disable usb",
  // These read the disks, and so wake those that sleep.
  "lshw -json",
  "lshw -json -disable ide -disable usb -class scsi",
  "mdadm --detail /dev/md0",
  "mdadm --examine /dev/sda1",
  // Its socket is of a group that the agent's user is put into, and root has no more rights there.
  "lldpctl -f json",
  "lvs --config global{}",
  "lvs -o lv_name --select x",
  "multipath -F",
  "multipath -r",
  "multipath -f mpatha",
  "mdadm --stop /dev/md0",
  "mdadm --detail /dev/md0 --fail",
  "mdadm /dev/md0 --fail /dev/sda1",
  "mdadm --monitor --scan --program=/tmp/x",
  "mdadm --zero-superblock /dev/sda1",
  "storcli64 /c0 set alarm=off",
  "storcli64 /c0 show events file=/etc/passwd",
  "storcli64 /c0/v0 del force",
  "storcli64 /c0/e1/s1 start erase",
  "storcli64 /c0 show all logfile=/etc/passwd",
  "ssacli ctrl slot=1 delete forced",
  "ssacli ctrl all diag file=/etc/passwd",
  "sas3ircu 0 DELETE",
  "nvidia-smi -pm 1",
  "nvidia-smi -r",
  "nvidia-smi -q -f /etc/passwd",
  "nvidia-smi -q -l 1",
  "nvidia-smi --gpu-reset",
  "rocm-smi --setfan 255",
  "rocm-smi --save /etc/passwd",
  "rocm-smi --load /etc/shadow",
  "amd-smi metric --file /etc/passwd",
  "amd-smi metric --watch 1",
  "amd-smi set --fan 100",
  "amd-smi reset --gpureset",
  "lsblk -J",
  "last -x",
])("does more than look, or is not the looker's: %s", (text) => {
  expect(mayRun(...line(text))).toBe(false);
});

test("every tool that collectors use either has a grammar or needs no root", () => {
  const ownRights = lookingTools.filter((tool) => !needsRoot(tool));
  expect(ownRights).toEqual(["lsblk", "lscpu", "lldpctl", "last"]);
});

test("whatever is put into a line, an argument that writes or names a file is never let through", () => {
  const harmless = [
    "-x",
    "--json",
    "-n",
    "standby",
    "/dev/sda",
    "show",
    "all",
    "J",
    "-d",
    "sat",
    "-i",
  ];
  const harmful = [
    "-s",
    "off",
    "-t",
    "long",
    "-H",
    "clear",
    "set",
    "reset",
    "-f",
    "--file",
    "/etc/shadow",
    "/tmp/x",
    "../x",
    "--config",
    "raw",
    "file=/tmp/x",
    "-o/tmp/x",
    "$(id)",
    ";id",
    "-B",
  ];
  // Read on one tool what writes on another.
  const reading: Readonly<Partial<Record<LookingTool, readonly string[]>>> = {
    dmidecode: ["-s", "-t", "off", "long", "clear", "set", "reset", "raw"],
    multipath: ["off", "long", "clear", "set", "reset", "raw"],
    nvme: ["-H"],
    "nvidia-smi": ["-s"],
    ipmitool: ["off", "long", "clear", "set", "reset", "raw"],
    lshw: ["off", "long", "clear", "set", "reset", "raw"],
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...lookingTools),
      fc.array(fc.constantFrom(...harmless), { maxLength: 6 }),
      fc.constantFrom(...harmful),
      fc.nat(6),
      (tool, args, bad, at) => {
        if (reading[tool]?.includes(bad)) return;
        expect(mayRun(tool, args.toSpliced(at, 0, bad))).toBe(false);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("a long line is judged as fast as a short one, argument by argument", () => {
  const args = Array.from({ length: 5_000 }, () => "-i");
  expect(mayRun("smartctl", [...args, "-n", "standby", "/dev/sda"])).toBe(true);
  expect(mayRun("ipmitool", ["sel", "get", ...args])).toBe(false);
});
