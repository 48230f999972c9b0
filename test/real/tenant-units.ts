/** Work of tenants as systemd units: each appends to /shared/UNIT ten times a second. */
export const tenantUnits: Readonly<Record<string, string>> = {
  "tenant-web@.service": `[Service]
ExecStart=/bin/sh -c 'while :; do echo >> /shared/%n; sleep 0.1; done'
Restart=always
RestartSec=100ms
[Install]
WantedBy=multi-user.target
`,
  // Beats on while it is being stopped, for twenty seconds.
  "tenant-slow.service": `[Service]
ExecStart=/bin/sh -c 'while :; do echo >> /shared/%n; sleep 0.1; done'
ExecStop=/bin/sleep 20
TimeoutStopSec=60s
[Install]
WantedBy=multi-user.target
`,
  "tenant-tick.service": `[Unit]
StartLimitIntervalSec=0
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo >> /shared/%n'
`,
  "tenant-tick.timer": `[Timer]
OnActiveSec=200ms
OnUnitInactiveSec=200ms
AccuracySec=50ms
[Install]
WantedBy=timers.target
`,
  // Is there, and does not run: nobody's business to start.
  "tenant-idle.service": `[Service]
ExecStart=/bin/sh -c 'while :; do echo >> /shared/%n; sleep 0.1; done'
`,
  "tenant-stubborn.service": `[Service]
ExecStart=/bin/sh -c 'trap "" TERM; while :; do echo >> /shared/%n; sleep 0.1; done'
TimeoutStopSec=infinity
`,
  // Leaves a child behind when it is stopped.
  "tenant-left.service": `[Service]
ExecStart=/bin/sh -c '(while :; do echo >> /shared/%n; sleep 0.1; done) & exec sleep 100000'
KillMode=process
`,
  // A tenant's cron, which nobody told of the drain.
  "other-cron.service": `[Unit]
StartLimitIntervalSec=0
[Service]
Type=oneshot
ExecStart=-/bin/sh -c 'systemctl start tenant-web@1.service; echo $? >> /shared/cron'
`,
  "other-cron.timer": `[Timer]
OnActiveSec=500ms
OnUnitInactiveSec=500ms
AccuracySec=50ms
[Install]
WantedBy=timers.target
`,
};

export const handsSettings = `[drain]
systemd = ["tenant-*.service", "tenant-*.timer"]

[hands]
may = ["units", "hooks", "reboot"]
`;

/** A hook of root's whose guest is a file, and which takes its time where /shared/hook-slow is. */
export const guestHook = `#!/bin/sh
[ "$(id -u)" = 0 ] || exit 9
say=$(cat)
case "$1" in
list)
  state=stopped
  [ -e /shared/guest-runs ] && state=running
  printf '{"workloads":[{"name":"guest","state":"%s","detail":""}]}\\n' "$state"
  ;;
evacuate)
  echo begun >> /shared/hook-said
  while [ -e /shared/hook-slow ]; do sleep 0.1; done
  rm -f /shared/guest-runs
  ;;
release)
  case "$say" in *'"restart":true'*) touch /shared/guest-runs ;; esac
  ;;
esac
`;
