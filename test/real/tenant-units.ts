/** Work of tenants as systemd units: each appends to /shared/UNIT ten times a second. */
export const tenantUnits: Readonly<Record<string, string>> = {
  "tenant-web@.service": `[Service]
ExecStart=/bin/sh -c 'while :; do echo >> /shared/%n; sleep 0.1; done'
Restart=always
RestartSec=100ms
[Install]
WantedBy=multi-user.target
`,
  // Beats on while it is being stopped, for six seconds.
  "tenant-slow.service": `[Service]
ExecStart=/bin/sh -c 'while :; do echo >> /shared/%n; sleep 0.1; done'
ExecStop=/bin/sleep 6
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
  // Each is begun by whoever knocks at its socket.
  "tenant-door.socket": `[Socket]
ListenStream=/run/tenant-door
`,
  "tenant-door.service": `[Service]
ExecStart=/bin/sh -c 'while :; do echo >> /shared/%n; sleep 0.1; done'
`,
  // A socket that nobody told of the drain.
  "other-bell.socket": `[Socket]
ListenStream=/run/other-bell
Service=tenant-bell.service
`,
  "tenant-bell.service": `[Service]
ExecStart=/bin/sh -c 'while :; do echo >> /shared/%n; sleep 0.1; done'
`,
  // Its work leaves for a scope in a slice, and its control group has nothing of it.
  "tenant-away.service": `[Service]
ExecStart=/bin/sh -c 'systemd-run --scope --quiet --collect --unit=away.scope --slice=acme.slice \\
  sh -c "while :; do echo >> /shared/away; sleep 0.1; done" & exec sleep 100000'
`,
  // In the slice of its tenant, with a process that left its parent and its session.
  "acme-shop.service": `[Service]
Slice=acme.slice
ExecStart=/bin/sh -c 'setsid -f sh -c "while :; do echo >> /shared/%n; sleep 0.1; done"; exec sleep 100000'
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

/** `more`: patterns of units beside the tenants' own. */
export function handsSettings(...more: readonly string[]): string {
  const patterns = ["tenant-*.service", "tenant-*.timer", "tenant-*.socket", ...more];
  return `[drain]
systemd = ${JSON.stringify(patterns)}

[hands]
may = ["units", "hooks", "reboot"]
`;
}

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
