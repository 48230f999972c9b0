/** What one drive says of itself, in plain values. null: it does not say. */
export interface SmartFacts {
  /** smartctl's own version, "7.3"; null where the text does not tell. */
  readonly tool: { readonly version: string | null };
  readonly device: SmartDevice;
  readonly family: string | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  /** WWN, EUI-64 or logical unit id: 16 hexadecimal digits without 0x. */
  readonly wwn: string | null;
  readonly firmware: string | null;
  readonly capacityBytes: number | null;
  /** 0: it does not turn. */
  readonly rotationRpm: number | null;
  readonly smartSupport: SmartSupport | null;
  readonly exit: SmartExit;
  readonly messages: readonly SmartMessage[];
  /** It sleeps, and was not woken for being asked: nothing else is known this time. */
  readonly standby: boolean;
  /** The drive's own verdict. true is no proof of health. */
  readonly passed: boolean | null;
  readonly powerOnHours: number | null;
  readonly temperatureCelsius: number | null;
  /** Percent of spare blocks left, and the percent below which the drive warns. */
  readonly spare: number | null;
  readonly spareThreshold: number | null;
  /** Percent of the rated endurance; may pass 100. */
  readonly percentageUsed: number | null;
  /** Where `percentageUsed` comes from: "nvme", "scsi", "device statistics" or the attribute. */
  readonly wearSource: string | null;
  /** Bits of the NVMe critical warning. */
  readonly criticalWarning: number | null;
  readonly mediaErrors: number | null;
  readonly reallocated: number | null;
  readonly reallocatedEvents: number | null;
  readonly pending: number | null;
  readonly offlineUncorrectable: number | null;
  readonly reportedUncorrectable: number | null;
  readonly commandTimeout: number | null;
  readonly crc: number | null;
  readonly endToEnd: number | null;
  readonly grownDefects: number | null;
  /** Reads, writes and verifications that a SAS drive could not mend. */
  readonly uncorrectedErrors: number | null;
  /** Entries of the drive's error log. Many are no fault: an unknown command leaves one. */
  readonly errorLogCount: number | null;
  readonly unsafeShutdowns: number | null;
  /** The newest self-test that came to a verdict. */
  readonly selfTest: SelfTest | null;
  /** "5 Reallocated_Sector_Ct": attributes at or below their threshold now. */
  readonly attributesFailingNow: readonly string[];
  /** Numbers that lie outside physics, or that no double holds, as they stood there. */
  readonly implausible: readonly ImplausibleNumber[];
}

export interface SmartDevice {
  readonly name: string | null;
  readonly type: string | null;
  readonly protocol: string | null;
}

export interface SmartSupport {
  readonly available: boolean | null;
  readonly enabled: boolean | null;
}

/** The bits of smartctl's exit status, smartctl(8) EXIT STATUS. */
export interface SmartExit {
  /** null: neither the text nor the caller tells. */
  readonly status: number | null;
  /** Bits 0 and 1: the command line was wrong, or the device did not open. */
  readonly noData: boolean;
  /** Bit 2: some command failed; what was read is still good. */
  readonly commandFailed: boolean;
  /** Bit 3. */
  readonly failing: boolean;
  /** Bit 4: a pre-fail attribute is at its threshold now. */
  readonly prefailNow: boolean;
  /** Bit 5: an attribute was at its threshold once. */
  readonly prefailPast: boolean;
  /** Bit 6. */
  readonly errorLog: boolean;
  /** Bit 7. */
  readonly selfTestLog: boolean;
}

export interface SmartMessage {
  readonly severity: string | null;
  readonly text: string;
}

export interface SelfTest {
  readonly passed: boolean;
  readonly type: string | null;
  readonly status: string | null;
}

export interface ImplausibleNumber {
  readonly what: string;
  readonly text: string;
}

/** A drive of which nothing is known. */
export const unknownSmartFacts: SmartFacts = {
  tool: { version: null },
  device: { name: null, type: null, protocol: null },
  family: null,
  vendor: null,
  model: null,
  serial: null,
  wwn: null,
  firmware: null,
  capacityBytes: null,
  rotationRpm: null,
  smartSupport: null,
  exit: decodeExit(null),
  messages: [],
  standby: false,
  passed: null,
  powerOnHours: null,
  temperatureCelsius: null,
  spare: null,
  spareThreshold: null,
  percentageUsed: null,
  wearSource: null,
  criticalWarning: null,
  mediaErrors: null,
  reallocated: null,
  reallocatedEvents: null,
  pending: null,
  offlineUncorrectable: null,
  reportedUncorrectable: null,
  commandTimeout: null,
  crc: null,
  endToEnd: null,
  grownDefects: null,
  uncorrectedErrors: null,
  errorLogCount: null,
  unsafeShutdowns: null,
  selfTest: null,
  attributesFailingNow: [],
  implausible: [],
};

/** A status outside 0 to 255 is none. */
export function decodeExit(status: number | null): SmartExit {
  const known =
    status !== null && Number.isInteger(status) && status >= 0 && status <= 255 ? status : null;
  const has = (mask: number): boolean => ((known ?? 0) & mask) !== 0;
  return {
    status: known,
    noData: has(0b11),
    commandFailed: has(0b100),
    failing: has(0b1000),
    prefailNow: has(0b1_0000),
    prefailPast: has(0b10_0000),
    errorLog: has(0b100_0000),
    selfTestLog: has(0b1000_0000),
  };
}

/** Whether a message of smartctl says that the drive sleeps (STANDBY, STANDBY_Y, SLEEP, STOPPED) and was left alone. */
export function saysStandby(text: string): boolean {
  return /\bin (?:STANDBY|SLEEP|STOPPED)/i.test(text);
}
