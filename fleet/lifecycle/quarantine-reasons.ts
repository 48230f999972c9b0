/**
 * Why a host stands in quarantine after an operation that booted, erased or wrote it: a closed list.
 * Every failed end of such an operation is one of these; a new one needs a row in docs/boot-loop.md.
 */
export const quarantineReasons = [
  "bios-baseline",
  "bios-unreadable",
  "bmc-credentials",
  "bmc-default-password",
  "bmc-factory-reset",
  "bmc-flash",
  "bmc-identity",
  "bmc-not-ready",
  "boot-device-unstable",
  "boot-driver",
  "boot-nic",
  "disk-dead",
  "disk-set",
  "erase-refused",
  "erase-unverified",
  "firmware-baseline",
  "identity-changed",
  "inventory-mismatch",
  "job-failed",
  "job-queue-stuck",
  "job-stuck",
  "media-stuck",
  "needs-chassis-power",
  "netboot-refused",
  "no-boot-progress",
  "no-first-boot",
  "no-post",
  "not-fenced",
  "nvram-full",
  "power-contended",
  "power-on-ineffective",
  "raid-layout",
  "sanitize-stuck",
  "tpm-missing",
  "unasked-reboot",
  "unknown-class",
] as const;
export type QuarantineReason = (typeof quarantineReasons)[number];

export function isQuarantineReason(word: unknown): word is QuarantineReason {
  return quarantineReasons.some((reason) => reason === word);
}

/**
 * `repair`: this host waits for a person, nothing else does. `security`: something may be where it
 * should not be; looked at the same day. `danger`: data or another machine is at risk; looked at now.
 */
export const quarantineSeverities = ["repair", "security", "danger"] as const;
export type QuarantineSeverity = (typeof quarantineSeverities)[number];

export interface QuarantineText {
  /** What is so, as a sentence. */
  readonly text: string;
  readonly severity: QuarantineSeverity;
  /** What a person does next, as a sentence. */
  readonly next: string;
}

const repair = (text: string, next: string): QuarantineText => ({ text, severity: "repair", next });
const security = (text: string, next: string): QuarantineText => ({
  text,
  severity: "security",
  next,
});
const danger = (text: string, next: string): QuarantineText => ({ text, severity: "danger", next });

export const quarantineTexts: Readonly<Record<QuarantineReason, QuarantineText>> = {
  "bios-baseline": repair(
    "A BIOS setting does not take the value that the class asks for.",
    "Compare the setting that the journal names at the machine's setup; correct the class or the machine.",
  ),
  "bios-unreadable": repair(
    "The BMC does not tell the BIOS settings, after restarts of the host and of the BMC.",
    "Update or reset the BMC by hand, then inspect the host.",
  ),
  "bmc-credentials": security(
    "The BMC refuses our password; every call to it has stopped, so that the account is not locked.",
    "Find out who changed the password; enter the right one, then clear the host.",
  ),
  "bmc-default-password": security(
    "The BMC wants its first password changed before it does anything else.",
    "Change the password by the credentials' command, then clear the host.",
  ),
  "bmc-factory-reset": security(
    "The BMC lost its users and its address.",
    "Find it by its MAC, check that its firmware is ours, and set its address and users up again.",
  ),
  "bmc-flash": danger(
    "The BMC is in the middle of a firmware update that does not move; its power must not be cut.",
    "Stand at the machine with the maker's recovery procedure; cut nothing before it says so.",
  ),
  "bmc-identity": danger(
    "At this BMC's address another machine answers than the record names; nothing was sent to it.",
    "Compare serial and MAC of both machines with their records; correct the address that is wrong.",
  ),
  "bmc-not-ready": repair(
    "The BMC did not become ready for the calls that the step needs, after a restart of it too.",
    "Look at the BMC's own page and network port; cut the machine's power at the plug if it stays so.",
  ),
  "boot-device-unstable": repair(
    "The firmware puts its boot device back at every start.",
    "Look for a card that appears late, or a lock in the BIOS; set the device at the machine's setup.",
  ),
  "boot-driver": repair(
    "The first file of the network start loads, and what it starts has no network.",
    "Try another loader for this class, or virtual media; update the network card's firmware.",
  ),
  "boot-nic": repair(
    "The host starts from another network port than the one that is planned, again and again.",
    "Switch off network start on that port, or correct the planned MAC.",
  ),
  "disk-dead": repair(
    "A disk answers no more; what is on it could not be erased.",
    "Take the disk out and keep it in custody by its serial, in a signed plan.",
  ),
  "disk-set": danger(
    "The disks that were found are not those that are expected; nothing was written.",
    "Compare the serials that the journal names with the machine; correct the ledger or the machine.",
  ),
  "erase-refused": repair(
    "A disk cannot erase itself by the class that the policy asks for.",
    "Choose a policy that the disk can do, in a signed plan, or destroy the disk.",
  ),
  "erase-unverified": danger(
    "A disk says that it is erased, and marks or data are still on it.",
    "Treat the disk as full of data: take it out, keep it in custody, report its model and firmware.",
  ),
  "firmware-baseline": repair(
    "A part still runs the firmware from before its update.",
    "Cut the machine's power at the plug, look at the version again, then inspect the host.",
  ),
  "identity-changed": security(
    "Two or more of the facts by which this machine is known have changed at once.",
    "Find out whether board or BMC was swapped; a new box is claimed as a new host.",
  ),
  "inventory-mismatch": repair(
    "A part is missing, and stays missing after a cold restart.",
    "Look for the part that the journal names: seat it again or swap it, then inspect the host.",
  ),
  "job-failed": repair(
    "A job of the BMC failed twice.",
    "Read the message that the journal keeps, in the maker's list; do it by hand once.",
  ),
  "job-queue-stuck": repair(
    "An old job of the BMC blocks every change and cannot be cleared.",
    "Clear the job queue at the BMC's own page, or reset the BMC to its defaults.",
  ),
  "job-stuck": repair(
    "A job of the BMC runs and does not move.",
    "Look at the BMC's own page; restart the BMC unless the job is a firmware update.",
  ),
  "media-stuck": repair(
    "A virtual medium cannot be taken out of the BMC.",
    "Eject it at the BMC's own page, or restart the BMC.",
  ),
  "needs-chassis-power": repair(
    "A card needs its power cut, and shares the chassis with another node.",
    "Drain the other node too, then cut the chassis's power.",
  ),
  "netboot-refused": security(
    "The host boots another system than our imaging OS, by every way that its hardware offers.",
    "Look at its screen during a start; mend boot order or network port by hand. Its data is untouched.",
  ),
  "no-boot-progress": repair(
    "The host was restarted and shows no sign of a start.",
    "Look at its screen and POST code; cut its power at the plug.",
  ),
  "no-first-boot": repair(
    "The system that was written never called in, or another one did.",
    "Look at its screen during a start; reimage it again, or inspect its disks.",
  ),
  "no-post": repair(
    "The host has power, and its processors run nothing.",
    "Look at lamps and POST code; seat memory and processors, swap the board.",
  ),
  "not-fenced": danger(
    "Nobody independent of the BMC says that the host is off: it may still write to its disks.",
    "Go to the machine and switch it off, then say so with its serial; or close its switch port.",
  ),
  "nvram-full": repair(
    "The firmware has no room for a boot entry.",
    "Clear old entries and crash dumps at the machine's setup; reset its NVRAM.",
  ),
  "power-contended": repair(
    "Somebody else switches this host on or off against us.",
    "Find who else has this BMC's password, or a policy that restores power; end that first.",
  ),
  "power-on-ineffective": repair(
    "The BMC accepts every order to switch on, and the host stays off.",
    "Press its button; look at its power supplies and at the BMC's firmware.",
  ),
  "raid-layout": repair(
    "The RAID controller refuses the layout that the class asks for.",
    "Clear the controller's configuration at its own setup, then inspect the host.",
  ),
  "sanitize-stuck": danger(
    "A disk has been erasing itself without progress; its data may still be there.",
    "Leave it powered, ask the maker; keep the disk in custody by its serial.",
  ),
  "tpm-missing": repair(
    "The class asks for a TPM, and the host shows none.",
    "Switch it on in the machine's setup, or seat it again.",
  ),
  "unasked-reboot": repair(
    "The host restarted twice while it was being erased or written, and nobody asked it to.",
    "Look for a watchdog, heat or power faults in the BMC's log.",
  ),
  "unknown-class": repair(
    "The hardware does not know the settings that its class names: it is another model.",
    "Correct the model or class of this host, then inspect it.",
  ),
};
