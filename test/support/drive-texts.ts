/** What smartctl and nvme print, written by hand: for tests and as samples of the fuzzer. */
const attribute = (id: number, name: string, value: number, raw: number, string: string) => ({
  id,
  name,
  value,
  worst: value,
  thresh: 10,
  when_failed: "",
  raw: { value: raw, string },
});

const sata = JSON.stringify({
  json_format_version: [1, 0],
  smartctl: {
    version: [7, 3],
    exit_status: 64,
    messages: [
      { string: "Warning: This result is based on an Attribute check.", severity: "warning" },
    ],
  },
  device: { name: "/dev/sda", info_name: "/dev/sda [SAT]", type: "sat", protocol: "ATA" },
  model_family: "Seagate Exos",
  model_name: "ST4000 TEST",
  serial_number: "TEST0001",
  wwn: { naa: 5, oui: 3152, id: 123456789 },
  firmware_version: "SN01",
  user_capacity: { blocks: 7814037168, bytes: 4000787030016 },
  rotation_rate: 7200,
  smart_support: { available: true, enabled: true },
  smart_status: { passed: true },
  ata_smart_attributes: {
    revision: 10,
    table: [
      attribute(5, "Reallocated_Sector_Ct", 100, 8, "8"),
      attribute(9, "Power_On_Hours", 62, 115594749838557, "34013 (105 34 0)"),
      attribute(188, "Command_Timeout", 100, 17180131332, "4 4 4"),
      attribute(194, "Temperature_Celsius", 31, 60129542175, "31 (0 14 0 0 0)"),
      attribute(197, "Current_Pending_Sector", 100, 16, "16"),
      attribute(199, "UDMA_CRC_Error_Count", 200, 0, "0"),
    ],
  },
  power_on_time: { hours: 34013 },
  temperature: { current: 31 },
  ata_smart_error_log: { summary: { revision: 1, count: 2 } },
  ata_smart_self_test_log: {
    standard: {
      revision: 1,
      table: [
        {
          type: { value: 1, string: "Short offline" },
          status: {
            value: 121,
            string: "Completed: read failure",
            remaining_percent: 90,
            passed: false,
          },
          lifetime_hours: 33000,
        },
      ],
    },
  },
  ata_device_statistics: {
    pages: [
      {
        number: 7,
        name: "Solid State Device Statistics",
        table: [
          {
            offset: 8,
            name: "Percentage Used Endurance Indicator",
            value: 3,
            flags: { valid: true },
          },
        ],
      },
    ],
  },
});

const nvme = JSON.stringify({
  smartctl: { version: [7, 4], exit_status: 0 },
  device: { name: "/dev/nvme0", type: "nvme", protocol: "NVMe" },
  model_name: "TEST NVME",
  serial_number: "TESTN001",
  nvme_total_capacity: 960197124096,
  nvme_namespaces: [{ id: 1, eui64: { oui: 41077, ext_id: 391110459468 } }],
  smart_status: { passed: true, nvme: { value: 0 } },
  nvme_smart_health_information_log: {
    critical_warning: 4,
    temperature: 41,
    available_spare: 9,
    available_spare_threshold: 10,
    percentage_used: 101,
    power_on_hours: 40000,
    unsafe_shutdowns: 3,
    media_errors: 18446744073709551615n.toString(),
    num_err_log_entries: 12,
  },
  nvme_self_test_log: {
    table: [
      {
        self_test_code: { value: 2, string: "Extended" },
        self_test_result: { value: 7, string: "failed" },
      },
    ],
  },
}).replace('"18446744073709551615"', "18446744073709551615");

const sas = JSON.stringify({
  smartctl: { version: [7, 1], exit_status: 0 },
  device: { name: "/dev/bus/0", type: "megaraid,3", protocol: "SCSI" },
  vendor: "TEST",
  product: "SAS16T",
  revision: "EJ08",
  serial_number: "TESTS001",
  logical_unit_id: "0x5000c500a1b2c3d4",
  smart_status: { passed: false, scsi: { asc: 93, ascq: 0 } },
  temperature: { current: 0, drive_trip: 0 },
  scsi_environmental_reports: { temperature_1: { parameter_code: 0, current: 33 } },
  scsi_grown_defect_list: 12,
  scsi_error_counter_log: {
    read: { total_uncorrected_errors: 1, gigabytes_processed: "12.5" },
    write: { total_uncorrected_errors: 0 },
  },
  scsi_self_test_0: {
    code: { value: 1, string: "Background short" },
    result: { value: 0, string: "Completed" },
  },
});

const asleep = JSON.stringify({
  smartctl: {
    version: [7, 3],
    exit_status: 2,
    messages: [{ string: "Device is in STANDBY mode, exit(2)", severity: "information" }],
  },
  device: { name: "/dev/sdb", type: "sat", protocol: "ATA" },
});

const text = `####/dev/sda megaraid,2
smartctl 6.2 2013-07-26 r3841 [x86_64-linux] (local build)

=== START OF INFORMATION SECTION ===
Device Model:     TEST SATA
Serial Number:    TEST0002
LU WWN Device Id: 5 00a075 1031e6fb3
User Capacity:    4.000.787.030.016 bytes [4,00 TB]
Rotation Rate:    7200 rpm
ATA Version is:   8
SMART support is: Available - device has SMART capability.
SMART support is: Enabled

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: FAILED!
ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  5 Reallocated_Sector_Ct   0x0033   001   001   005    Pre-fail  Always   FAILING_NOW 1975
  9 Power_On_Hours          PO--CK   091   091   000    -    65592h+10m+01.000s
194 Temperature_Celsius     0x0022   060   053   000    Old_age   Always       -       40 (Min/Max 25/47)
# 1  Extended offline    Completed: read failure       90%       463         104870168
smartctl version 5.38 [x86_64] Copyright (C) 2002-8
Vendor:               TEST
Product:              SAS600
Serial number:        TESTS002
Logical Unit id:      0x5000039308183dd4
Current Drive Temperature:     31 C
Accumulated power on time, hours:minutes 22364:52
Elements in grown defect list: 3
Error counter log:
read:   41 2 0 43 43 13.2 1
SMART Health Status: FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=10]
>> Terminate command early due to bad response to IEC mode page
`;

const scan = JSON.stringify({
  smartctl: { version: [7, 3], exit_status: 0 },
  devices: [
    { name: "/dev/sda", info_name: "/dev/sda [SAT]", type: "sat", protocol: "ATA" },
    { name: "/dev/bus/0", type: "megaraid,0", protocol: "SCSI" },
    { name: "/dev/bus/0", type: "megaraid,1", protocol: "SCSI", open_error: "no answer" },
  ],
});

const smartLogs = [
  '{"critical_warning":0,"temperature":310,"avail_spare":100,"spare_thresh":10,"percent_used":3,"power_on_hours":1200,"unsafe_shutdowns":4,"media_errors":0,"num_err_log_entries":1}',
  'noise\n{"critical_warning":{"value":2,"temp_threshold":1},"temperature":333,"avail_spare":99,"percent_used":101,"media_errors":"18446744073709551615"}',
];

export const driveTexts = {
  smartctl: { sata, nvme, sas, asleep },
  text,
  scan,
  nvmeLogs: smartLogs,
} as const;
