import { Type } from "typebox";

export const regionSchema = Type.Union([
  Type.Literal("na"),
  Type.Literal("eu"),
  Type.Literal("ea"),
]);

export const positionSchema = Type.Object({
  region: regionSchema,
  site: Type.String(),
  row: Type.String(),
  rack: Type.String(),
  unit: Type.Integer({ minimum: 1, description: "lowest rack unit, counted from the bottom" }),
});

export const placeSchema = Type.Object(
  { position: Type.String({ maxLength: 80, description: "region/site/row/rack/unit" }) },
  { additionalProperties: false },
);
