/**
 * What a host's failing health does by itself. `off`: nothing but what people see. `hold`: nothing new
 * is placed there. `drain`: that, and an active host is drained, inside every budget.
 */
export const faultPolicies = ["off", "hold", "drain"] as const;
export type FaultPolicy = (typeof faultPolicies)[number];
