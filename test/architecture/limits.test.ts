import { expect, test } from "vitest";
import { gatewayDefaults } from "#fleet/gateway/gateway-settings.ts";
import { telemetryDefaults } from "#fleet/telemetry/telemetry-config.ts";

test("the store holds all that the gateway lets wait for the disk", () => {
  expect(telemetryDefaults.pendingBytesMax).toBeGreaterThanOrEqual(
    gatewayDefaults.bytesInFlightMax,
  );
});
