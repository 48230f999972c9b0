import type { TSchema } from "typebox";
import {
  addSilenceSchema,
  alertChannelListSchema,
  alertChannelSchema,
  alertDetailSchema,
  alertListSchema,
  alertSchema,
  alertTestSchema,
  silenceListSchema,
  silenceSchema,
} from "./alert-schemas.ts";
import { auditListSchema, auditRecordSchema, auditVerdictSchema } from "./audit-schemas.ts";
import { cellConflictSchema, cellListSchema, cellSchema } from "./cell-schemas.ts";
import { addHoldSchema, holdListSchema, holdSchema, namedHoldSchema } from "./hold-schemas.ts";
import { lifeExplanationSchema, schedulableSchema } from "./life-schemas.ts";
import {
  operationListSchema,
  operationSchema,
  runningOperationSchema,
} from "./operation-schemas.ts";
import { hostPowerSchema } from "./power-schemas.ts";
import {
  createPlanSchema,
  planActionSchema,
  planHostSchema,
  planListSchema,
  planSchema,
  wantedActionSchema,
} from "./plan-schemas.ts";
import {
  addLeaseSchema,
  addTenantSchema,
  leaseListSchema,
  leaseSchema,
  namedLeaseSchema,
  tenantListSchema,
  tenantSchema,
} from "./tenancy-schemas.ts";
import { whySchema } from "./why-schema.ts";
import {
  createTokenSchema,
  createdTokenSchema,
  tokenListSchema,
  pendingSchema,
  pendingListSchema,
  approvedSchema,
  approveSchema,
} from "./enrolment-schemas.ts";
import {
  explanationSchema,
  hostEventsSchema,
  findingSchema,
  rebootSchema,
} from "./health-schemas.ts";
import { linkSchema, powerSchema, hostSchema, hostListSchema } from "./host-schemas.ts";
import { inventorySchema } from "./inventory-schemas.ts";
import { storeCheckSchema, backupSchema } from "./manager-schemas.ts";
import {
  supplySchema,
  siteSchema,
  regionViewSchema,
  regionListSchema,
  siteListSchema,
  rackSchema,
  rackListSchema,
  rackDetailSchema,
} from "./place-schemas.ts";
import { positionSchema } from "./position-schemas.ts";
import { problemSchema } from "./problem-schema.ts";
import {
  addedTokenSchema,
  apiTokenListSchema,
  grantSchema,
  roleListSchema,
  tokenSchema,
  userListSchema,
  userSchema,
} from "./people-schemas.ts";
import { reportScheduleListSchema, reportSchema } from "./report-schemas.ts";
import { freezeSchema } from "./freeze-schemas.ts";
import { safeModeSchema } from "./safe-mode-schemas.ts";
import { sessionSchema, linkAnswerSchema } from "./session-schemas.ts";
import { telemetrySchema } from "./telemetry-schemas.ts";

/** Shapes with a name of their own in the API's description. */
export const componentSchemas = {
  Problem: problemSchema,
  Position: positionSchema,
  Link: linkSchema,
  Power: powerSchema,
  Finding: findingSchema,
  Reboot: rebootSchema,
  Cell: cellSchema,
  CellConflict: cellConflictSchema,
  CellList: cellListSchema,
  Host: hostSchema,
  HostExplanation: explanationSchema,
  HostEvents: hostEventsSchema,
  HostList: hostListSchema,
  HostInventory: inventorySchema,
  Telemetry: telemetrySchema,
  Report: reportSchema,
  ReportScheduleList: reportScheduleListSchema,
  Supply: supplySchema,
  Site: siteSchema,
  SiteList: siteListSchema,
  Region: regionViewSchema,
  RegionList: regionListSchema,
  Rack: rackSchema,
  RackList: rackListSchema,
  RackDetail: rackDetailSchema,
  CreateToken: createTokenSchema,
  CreatedToken: createdTokenSchema,
  TokenList: tokenListSchema,
  Pending: pendingSchema,
  PendingList: pendingListSchema,
  Approve: approveSchema,
  Approved: approvedSchema,
  Session: sessionSchema,
  SigninLink: linkAnswerSchema,
  Freeze: freezeSchema,
  Grant: grantSchema,
  User: userSchema,
  UserList: userListSchema,
  ApiToken: tokenSchema,
  ApiTokenList: apiTokenListSchema,
  AddedToken: addedTokenSchema,
  RoleList: roleListSchema,
  StoreCheck: storeCheckSchema,
  StoreBackup: backupSchema,
  SafeMode: safeModeSchema,
  Alert: alertSchema,
  AlertList: alertListSchema,
  AlertDetail: alertDetailSchema,
  Silence: silenceSchema,
  SilenceList: silenceListSchema,
  AddSilence: addSilenceSchema,
  AlertChannel: alertChannelSchema,
  AlertChannelList: alertChannelListSchema,
  AlertTest: alertTestSchema,
  AuditRecord: auditRecordSchema,
  AuditList: auditListSchema,
  AuditVerdict: auditVerdictSchema,
  Why: whySchema,
  Hold: holdSchema,
  NamedHold: namedHoldSchema,
  HoldList: holdListSchema,
  AddHold: addHoldSchema,
  Tenant: tenantSchema,
  TenantList: tenantListSchema,
  AddTenant: addTenantSchema,
  Lease: leaseSchema,
  NamedLease: namedLeaseSchema,
  LeaseList: leaseListSchema,
  AddLease: addLeaseSchema,
  RunningOperation: runningOperationSchema,
  HostPower: hostPowerSchema,
  Operation: operationSchema,
  OperationList: operationListSchema,
  PlanAction: planActionSchema,
  WantedAction: wantedActionSchema,
  CreatePlan: createPlanSchema,
  PlanHost: planHostSchema,
  Plan: planSchema,
  PlanList: planListSchema,
  Schedulable: schedulableSchema,
  LifeExplanation: lifeExplanationSchema,
} as const;

/**
 * Writes every shape that has a name once, under `components.schemas`, and refers to it wherever it
 * stands: clients made from the description then have one type for a host, not twenty.
 */
export function nameSchemas(described: object): object {
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(componentSchemas)) names.set(canonical(schema), name);
  const refer = (node: unknown, isTop: boolean): unknown => {
    if (Array.isArray(node)) return node.map((item) => refer(item, false));
    if (typeof node !== "object" || node === null) return node;
    const name = isTop ? undefined : names.get(canonical(node));
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, refer(value, false)]),
    );
  };
  const schemas = Object.entries(componentSchemas).map(([name, schema]: [string, TSchema]) => [
    name,
    refer(JSON.parse(JSON.stringify(schema)), true),
  ]);
  const paths = "paths" in described ? refer(described.paths, false) : {};
  const components = "components" in described ? described.components : {};
  return {
    ...described,
    paths,
    components: { ...(components as object), schemas: Object.fromEntries(schemas) },
  };
}

/** JSON with the keys in order: the same shape gives the same text. */
function canonical(node: unknown): string {
  return JSON.stringify(node, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
