import { anyOf, type Form, fits, inOrder, maybe, oneOf, shape, word } from "./argument-forms.ts";

/** Disks and the doors behind which controllers hide them; nothing that users may make in /dev. */
const diskDevice =
  /^\/dev\/(?:sd[a-z]{1,4}|hd[a-z]|sg\d{1,4}|nst\d{1,3}|nvme\d{1,4}(?:c\d{1,4})?(?:n\d{1,5})?|ng\d{1,4}n\d{1,5}|bus\/\d{1,4}|tw[ael]\d{1,2}|cciss\/c\d{1,2}d\d{1,2}|disk\/by-(?:id|path)\/[A-Za-z0-9][A-Za-z0-9_.:+@=-]{0,150})$/;

const nvmeDevice = /^\/dev\/(?:nvme\d{1,4}(?:n\d{1,5})?|ng\d{1,4}n\d{1,5})$/;

const deviceType =
  "(?:auto|test|ata|scsi|sat(?:,(?:auto|12|16|\\d{1,3})(?:\\+[a-z]{1,12}(?:,\\d{1,3})?)?)?|nvme(?:,0x[0-9a-f]{1,8})?|(?:sssraid|hpt|areca|3ware|megaraid|sat\\+megaraid|cciss|sat\\+cciss|aacraid|sat\\+aacraid),[0-9]{1,5}(?:[,/][0-9]{1,5}){0,2}|usb(?:cypress|jmicron|prolific|sunplus|asm1352r)(?:,[0-9a-fpx,]{1,10})?|snt(?:asmedia|jmicron|realtek)(?:/sat)?(?:,0x[0-9a-f]{1,8})?|jmb39x-?q?2?,\\d{1,3}(?:,s\\d{1,3})?(?:,force)?|jms56x,\\d{1,3}(?:,s\\d{1,3})?)";

/** Logs that are read; `scterc,N,N`, `gplog,ADDR` and the like are left out. */
const readLogs = [
  "error",
  "selftest",
  "selective",
  "directory",
  "directory,g",
  "directory,s",
  "background",
  "scttemp",
  "scttempsts",
  "scttemphist",
  "scterc",
  "devstat",
  "defects",
  "genstats",
  "ssd",
  "envrep",
  "tapealert",
  "zdevstat",
  "xerror",
  "xselftest",
  "nvmelog",
  "farm",
  "sataphy",
  "sasphy",
];
const logName = new RegExp(`^(?:${readLogs.join("|")})(?:,\\d{1,4})?$`);

const smartctlFlags: readonly Form[] = [
  shape(/^(?:-j|--json)(?:=[cgiosuvy]{1,8})?$/),
  word("-i", "--info", "--identify", "-a", "--all", "-x", "--xall", "-H", "--health"),
  word("-c", "--capabilities", "-A", "--attributes"),
  inOrder(word("-l", "--log"), shape(logName)),
  shape(new RegExp(`^--log=(?:${readLogs.join("|")})$`)),
  inOrder(word("-f", "--format"), word("old", "brief", "hex", "hex,id", "hex,val")),
  inOrder(word("-T", "--tolerance"), word("normal", "permissive", "verypermissive")),
  shape(/^--tolerance=(?:normal|permissive|verypermissive)$/),
  inOrder(word("-d", "--device"), shape(new RegExp(`^${deviceType}$`))),
  shape(new RegExp(`^--device=${deviceType}$`)),
];
/** Leaves a drive that sleeps alone. */
const leaveAsleep: readonly Form[] = [
  inOrder(word("-n", "--nocheck"), shape(/^(?:standby|sleep|idle)(?:,\d{1,3}){0,2}$/)),
  shape(/^--nocheck=(?:standby|sleep|idle)(?:,\d{1,3}){0,2}$/),
];
const scan: Form = inOrder(
  anyOf(...smartctlFlags),
  word("--scan", "--scan-open"),
  anyOf(...smartctlFlags),
);
const version: Form = inOrder(word("-V", "--version"), maybe(shape(/^(?:-j|--json)$/)));

/**
 * smartctl: scanning, and reading one device. A drive that can sleep is only read with `-n`: nobody
 * who asks for smartctl can keep the drives of a host awake. NVMe drives wake by themselves.
 */
export const smartctlForm: Form = (args) => {
  if (fits(version, args) || fits(scan, args)) return args.length;
  const anyway = oneOf(...smartctlFlags, ...leaveAsleep);
  const one = inOrder(anyOf(anyway), shape(diskDevice), anyOf(anyway));
  if (!fits(one, args)) return null;
  const isNvme = args.some((arg) => nvmeDevice.test(arg));
  const isCareful = args.some((_arg, at) => oneOf(...leaveAsleep)(args, at) !== null);
  return isNvme || isCareful ? args.length : null;
};

const nvmeOptions: readonly Form[] = [
  inOrder(word("-o", "--output-format"), word("json", "normal")),
  shape(/^--output-format=(?:json|normal)$/),
  inOrder(
    word("-n", "--namespace-id", "-e", "--log-entries"),
    shape(/^(?:\d{1,5}|0x[0-9a-f]{1,8})$/),
  ),
  shape(/^--(?:namespace-id|log-entries)=(?:\d{1,5}|0x[0-9a-f]{1,8})$/),
  word("-v", "--verbose", "-H", "--human-readable"),
];

/** nvme-cli: lists, identify and log pages whose reading clears nothing. No plugin but OCP's. */
export const nvmeForm: Form = oneOf(
  inOrder(word("version"), anyOf()),
  inOrder(word("list", "list-subsys"), anyOf(...nvmeOptions)),
  inOrder(
    oneOf(
      word("smart-log", "error-log", "id-ctrl", "id-ns", "list-ns", "fw-log", "self-test-log"),
      word("endurance-log", "sanitize-log", "effects-log"),
      inOrder(word("ocp"), word("smart-add-log")),
    ),
    anyOf(...nvmeOptions),
    shape(nvmeDevice),
    anyOf(...nvmeOptions),
  ),
);
