// The settings come first: the generated module reads them while it is evaluated.
import "./protobuf-settings.ts";
import { wws } from "#proto/generated/wire.js";

/** The messages of proto/schema/agent.proto as protobufjs reads and writes them. */
export const schema = wws.v1;
