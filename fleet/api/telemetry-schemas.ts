import { type Static, Type } from "typebox";
import { nullable, unixMs } from "./schema-parts.ts";

export const telemetrySchema = Type.Object({
  metric: Type.String(),
  unit: Type.String(),
  from: unixMs,
  to: unixMs,
  step: Type.Integer(),
  series: Type.Array(
    Type.Object({
      attributes: Type.Record(Type.String(), Type.String()),
      points: Type.Array(Type.Tuple([unixMs, nullable(Type.Number())])),
      coverage: Type.Number(),
      parts: Type.Optional(
        Type.Array(
          Type.Object({
            from: unixMs,
            to: unixMs,
            attributes: Type.Record(Type.String(), Type.String()),
          }),
          {
            description:
              "only of metrics whose series are rival answers (hw.host.power): which of them each stretch of points is from",
          },
        ),
      ),
    }),
  ),
  coverage: Type.Number(),
  gaps: Type.Array(Type.Object({ from: unixMs, to: unixMs, reason: Type.String() })),
});

export type TelemetryAnswer = Static<typeof telemetrySchema>;
