/** What RAID tools and the kernel print, written by hand: for tests and as samples of the fuzzer. */
const storcli = JSON.stringify({
  Controllers: [
    {
      "Command Status": { Controller: 0, Status: "Success", Description: "None" },
      "Response Data": {
        Basics: {
          Controller: 0,
          Model: "TEST RAID",
          "Serial Number": "SRTEST01",
          "PCI Address": "00:65:00:00",
        },
        Version: { "Firmware Package Build": "51.1.0-1" },
        Status: {
          "Controller Status": "Needs Attention",
          "Memory Correctable Errors": 2,
          "Memory Uncorrectable Errors": 0,
          "BBU Status": 0,
        },
        HwCfg: { BBU: "Present", "ROC temperature(Degree Celsius)": 61 },
        TOPOLOGY: [
          { DG: 0, Arr: "-", Row: "-", "EID:Slot": "-", Type: "RAID5", State: "Dgrd" },
          { DG: 0, Arr: 0, Row: 0, "EID:Slot": "252:0", Type: "DRIVE", State: "Onln" },
          { DG: 0, Arr: 0, Row: 3, "EID:Slot": "-", Type: "DRIVE", State: "Msng" },
        ],
        "VD LIST": [{ "DG/VD": "0/0", TYPE: "RAID5", State: "Dgrd", Size: "1 TB", Name: "data" }],
        "PD LIST": [
          { "EID:Slt": "252:0", DID: 7, State: "Onln", DG: 0, Med: "HDD", Model: "TEST600" },
          { "EID:Slt": "252:1", DID: 8, State: "Rbld", DG: 0, Med: "HDD", Model: "TEST600" },
          { "EID:Slt": "252:2", DID: 9, State: "UBad", DG: "-", Med: "SSD", Model: "TEST480" },
        ],
        Cachevault_Info: [{ Model: "CVPM05", State: "Optimal", Temp: "28C" }],
      },
    },
  ],
});

const storcliDrives = JSON.stringify({
  Controllers: [
    {
      "Command Status": { Controller: 0, Status: "Success" },
      "Response Data": {
        "Drive /c0/e252/s0": [{ "EID:Slt": "252:0", DID: 7, State: "Onln", DG: 0, Med: "HDD" }],
        "Drive /c0/e252/s0 - Detailed Information": {
          "Drive /c0/e252/s0 State": {
            "Media Error Count": 3,
            "Other Error Count": 0,
            "Drive Temperature": " 33C (91.40 F)",
            "Predictive Failure Count": 1,
            "S.M.A.R.T alert flagged by drive": "Yes",
          },
          "Drive /c0/e252/s0 Device attributes": {
            SN: "        PDTEST01",
            "Manufacturer Id": "TEST    ",
            WWN: "5000CCA04E13AD17",
            "Firmware Revision": "A204",
            "Raw size": "558.911 GB [0x45dd2fb0 Sectors]",
          },
        },
      },
    },
  ],
});

const rule = "-".repeat(72);
const ircu = `LSI Corporation SAS2 IR Configuration Utility.
${rule}
Controller information
${rule}
  Controller type                         : SAS2308_2
  Firmware version                        : 20.00.07.00
  Segment                                 : 0
  Bus                                     : 5
  Device                                  : 0
  Function                                : 0
${rule}
IR Volume information
${rule}
IR volume 1
  Volume ID                               : 286
  Status of volume                        : Degraded (DGD)
  Volume wwid                             : 0677c0fb06777e7b
  RAID level                              : RAID1
  Physical hard disks                     :
  PHY[0] Enclosure#/Slot#                 : 1:0
  PHY[1] Enclosure#/Slot#                 : 0:0
${rule}
Physical device information
${rule}
Device is a Hard disk
  Enclosure #                             : 1
  Slot #                                  : 0
  State                                   : Optimal (OPT)
  Size (in MB)/(in sectors)               : 476940/976773167
  Manufacturer                            : ATA
  Model Number                            : TEST500
  Serial No                               : PDTEST02
  GUID                                    : 5000c5007bc1cfd7
  Drive Type                              : SATA_HDD
Device is a Enclosure services device
  Slot #                                  : 9
${rule}
`;

const megacli = `
Adapter #0

Enclosure Device ID: 32
Slot Number: 0
Drive's position: DiskGroup: 0, Span: 0, Arm: 0
Device Id: 4
WWN: 5000CCA01D217F1B
Media Error Count: 2
Other Error Count: 0
Predictive Failure Count: 1
PD Type: SAS
Raw Size: 1.090 TB [0x8bba0cb0 Sectors]
Firmware state: Failed
Inquiry Data: TEST    TESTMODEL1200   U5E0PDTEST03            
Foreign State: None 
Media Type: Hard Disk Device
Drive Temperature :31C (87.80 F)
Drive has flagged a S.M.A.R.T alert : Yes
`;

const ssacli = `
Smart Array P440ar in Slot 0 (Embedded)
   Bus Interface: PCI
   Slot: 0
   Serial Number: PDTEST0000
   Controller Status: OK
   Firmware Version: 6.60
   Battery/Capacitor Count: 1
   Battery/Capacitor Status: Failed (Replace Batteries)
   Controller Temperature (C): 52
   PCI Address (Domain:Bus:Device.Function): 0000:03:00.0

   Array: A
      Interface Type: SAS
      Status: Failed Physical Drive

      Logical Drive: 1
         Size: 279.37 GB
         Fault Tolerance: 1
         Status: Recovering, 45% complete
         Disk Name: /dev/sda
         Mirror Group 1:
            physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 300 GB, OK)

      physicaldrive 1I:1:1
         Status: OK
         Drive Type: Data Drive
         Interface Type: SAS
         Rotational Speed: 10000
         Firmware Revision: HPD2
         Serial Number: PDTEST04
         WWID: 5000C500A1B2C3D4
         Model: HP      EG0300TEST
         Current Temperature (C): 31

      physicaldrive 1I:1:2
         Status: Rebuilding
         Drive Type: Data Drive
         Serial Number: PDTEST05

   Unassigned

      physicaldrive 1I:1:3
         Status: Predictive Failure
         Drive Type: Unassigned Drive
         Interface Type: Solid State SATA
`;

const mdstat = `Personalities : [raid1] [raid6] [raid5] [raid4]
md0 : active raid1 sdb1[2] sda1[0]
      1953383488 blocks super 1.2 [2/1] [U_]
      [==>..................]  recovery = 12.6% (37043392/292945152) finish=127.5min speed=33440K/sec
      bitmap: 3/15 pages [12KB], 65536KB chunk

md1 : active (auto-read-only) raid6 sdf1[3] sde1[2](F) sdd1[1] sdc1[0] sdg1[4](S)
      1953383488 blocks level 6, 64k chunk, algorithm 2 [4/3] [UU_U]
      	resync=DELAYED

md127 : inactive sdh[0](S)
      976773168 blocks super 1.2

md2 : active raid0 sdi[0] sdj[1]
      100 blocks super 1.2 512k chunks

unused devices: <none>
`;

const lvs = JSON.stringify({
  report: [
    {
      lv: [
        {
          lv_uuid: "AbCd-1",
          vg_name: "vg0",
          lv_name: "root",
          segtype: "raid1",
          lv_health_status: "partial",
          sync_percent: "100.00",
        },
        {
          lv_uuid: "AbCd-2",
          vg_name: "vg0",
          lv_name: "var",
          segtype: "raid1",
          lv_health_status: "",
          sync_percent: "43.20",
        },
        {
          lv_uuid: "AbCd-3",
          vg_name: "vg0",
          lv_name: "swap",
          segtype: "linear",
          lv_health_status: "",
          sync_percent: "",
        },
      ],
    },
  ],
});

const multipath = `mpatha (3600508b1001c1234) dm-0 TEST,LOGICAL VOLUME
size=100G features='1 queue_if_no_path' hwhandler='0' wp=rw
|-+- policy='service-time 0' prio=50 status=active
| \`- 1:0:0:0 sdb 8:16 active undef running
\`-+- policy='service-time 0' prio=10 status=enabled
  |- 2:0:0:0 sdc 8:32 failed undef running
  \`- #:#:#:# sdd 8:48 failed undef unknown
3600508b1001c9999 dm-1 TEST,DISK
size=10G features='0' hwhandler='0' wp=rw
\`-+- policy='service-time 0' prio=1 status=active
  \`- 3:0:0:1 sde 8:64 active ready running
`;

const mountinfo = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
30 22 8:17 / /data rw,relatime shared:2 - ext4 /dev/sdb1 ro,errors=remount-ro
31 22 8:33 / /with\\040blank rw - xfs /dev/sdc1 rw,attr2
`;
const fstab = `# <file system> <mount point> <type> <options>
UUID=1 / ext4 errors=remount-ro 0 1
/dev/sdb1 /data ext4 defaults 0 2
/dev/sr0 /media auto ro,noauto 0 0
`;

export const raidTexts = {
  storcli,
  storcliDrives,
  ircu,
  megacli,
  ssacli,
  mdstat,
  lvs,
  multipath,
  mountinfo,
  fstab,
} as const;
