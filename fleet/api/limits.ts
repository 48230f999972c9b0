import fastifyRateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiError } from "./problems.ts";

/** Generous: a person who mistypes, a script with an old token. Nobody guesses 256 bits. */
export const attemptsPerMinute = 30;
export const strangersPerMinute = 600;
const addressesMax = 10_000;
const minuteMs = 60_000;

/** How often an address may ask without a valid sign-in. Both throw ApiError 429. */
export interface Limits {
  /** Trying a sign-in link. */
  attempt(request: FastifyRequest): Promise<void>;
  /** Asking for something that needs a sign-in, without one. */
  stranger(request: FastifyRequest): Promise<void>;
}

export async function createLimits(app: FastifyInstance): Promise<Limits> {
  await app.register(fastifyRateLimit, { global: false, cache: addressesMax });
  const limit = (max: number) => {
    const count = app.createRateLimit({ max, timeWindow: minuteMs });
    return async (request: FastifyRequest): Promise<void> => {
      const answer = await count(request);
      if (answer.isAllowed || !answer.isExceeded) return;
      throw new ApiError("too-many-requests", `more than ${max} in a minute from this address`, {
        retryAfterSeconds: answer.ttlInSeconds,
      });
    };
  };
  return { attempt: limit(attemptsPerMinute), stranger: limit(strangersPerMinute) };
}
