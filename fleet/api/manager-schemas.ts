import { type Static, Type } from "typebox";

export const storeCheckSchema = Type.Object({
  isSound: Type.Boolean(),
  checks: Type.Array(
    Type.Object({ what: Type.String(), isSound: Type.Boolean(), detail: Type.String() }),
  ),
});

export type StoreCheck = Static<typeof storeCheckSchema>;

export const backupSchema = Type.Object({
  folder: Type.String({ description: "on the manager's machine" }),
  files: Type.Integer(),
  bytes: Type.Number(),
});

export type StoreBackup = Static<typeof backupSchema>;

export const healthSchema = Type.Object({ status: Type.Literal("ok"), release: Type.String() });

export const readySchema = Type.Object({
  isReady: Type.Boolean(),
  waitingFor: Type.Array(Type.String({ description: "what is still to come, in words" })),
});

export type Ready = Static<typeof readySchema>;
