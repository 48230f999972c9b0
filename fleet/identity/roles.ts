/** What a route may ask for, and what it lets one do. The one list: docs/roles.md is made from it. */
export const capabilities = {
  read: "see hosts, racks, plans, operations, holds, leases and what they measure",
  locate: "let a host's light blink",
  operate:
    "drain, return and reboot hosts, apply plans, hold and release, lease, acknowledge alerts",
  freeze: "stop everything that changes a host in this cell, and lift that together with another",
  estate: "take hosts in and out, say where they sit, import the estate",
  destroy: "ask for what cannot be taken back: reimage, erase, retire",
  approve: "agree to what another has asked for, where two must",
  people: "add and change people, what they may do, and the tokens of services",
  secrets: "make the tokens by which machines enrol",
  store: "check and back the store up, acknowledge safe mode",
  audit: "read who did what",
} as const;
export type Capability = keyof typeof capabilities;
export const capabilityNames = Object.keys(capabilities) as readonly Capability[];

interface RoleFacts {
  readonly words: string;
  readonly may: readonly Capability[];
  /** What it gives concerns the cell as a whole: it cannot be given for a site or a tag. */
  readonly isForWholeCell: boolean;
}

export const roleNames = [
  "viewer",
  "operator",
  "lifecycle",
  "approver",
  "security",
  "auditor",
] as const;
export type Role = (typeof roleNames)[number];

export const roles: Readonly<Record<Role, RoleFacts>> = {
  viewer: { words: "looks, and changes nothing", may: ["read"], isForWholeCell: false },
  operator: {
    words: "keeps hosts running: drains, reboots, holds, leases",
    may: ["read", "locate", "operate", "freeze"],
    isForWholeCell: false,
  },
  lifecycle: {
    words: "decides which hosts there are, and what becomes of them",
    may: ["read", "locate", "operate", "freeze", "estate", "destroy"],
    isForWholeCell: false,
  },
  approver: {
    words: "looks at what another has asked for, and agrees",
    may: ["read", "locate", "freeze", "approve"],
    isForWholeCell: false,
  },
  security: {
    words: "decides who may do what, and holds the secrets of the cell",
    may: ["read", "freeze", "people", "secrets", "store", "audit"],
    isForWholeCell: true,
  },
  auditor: {
    words: "reads who did what, and changes nothing",
    may: ["read", "audit"],
    isForWholeCell: true,
  },
};

/** The roles of which each is enough. */
export function rolesThatMay(capability: Capability): readonly Role[] {
  return roleNames.filter((role) => roles[role].may.includes(capability));
}

export function isRole(text: string): text is Role {
  return (roleNames as readonly string[]).includes(text);
}
