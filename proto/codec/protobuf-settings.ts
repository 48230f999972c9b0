import protobuf from "protobufjs/minimal.js";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";

/**
 * How protobufjs works here, set before proto/generated/wire.js is evaluated (its defaults depend
 * on it): 64-bit fields are numbers, not objects of long.js, and a number that has been rounded is
 * past 2^53 and refused by the field checks; unknown fields are skipped; nesting ends at our limit.
 */
Object.assign(protobuf.util, { Long: null, recursionLimit: wireLimits.decodeDepthMax });
protobuf.configure();
protobuf.Reader.recursionLimit = wireLimits.decodeDepthMax;
protobuf.Reader.discardUnknown = true;
