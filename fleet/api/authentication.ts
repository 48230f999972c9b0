import type { FastifyRequest } from "fastify";
import type { People, Person } from "#fleet/identity/people.ts";
import { ApiError } from "./problems.ts";
import type { Access } from "./route.ts";

export interface Doorkeeper {
  /** Who asks, when they may; null on routes for anyone. Throws ApiError with 401 or 403. */
  admit(request: FastifyRequest, access: Access): Promise<Person | null>;
}

/**
 * Bearer token or session cookie. Another site's page never gets through: its name is not ours (DNS
 * rebinding), or its Origin is not, or the cookie is not sent (SameSite=Strict).
 */
export function createDoorkeeper(effects: {
  readonly people: People;
  readonly cookieName: string;
  readonly names: ReadonlySet<string>;
  readonly isEncrypted: boolean;
}): Doorkeeper {
  const { people, cookieName, names, isEncrypted } = effects;

  const checkAddress = (request: FastifyRequest): string => {
    const address = request.headers.host ?? request.headers[":authority"];
    const text = typeof address === "string" ? address : "";
    const name = hostNameOf(text);
    if (name === undefined || !names.has(name)) {
      throw new ApiError("address-refused", `this manager does not answer as "${clip(text)}"`);
    }
    return text;
  };

  const checkOrigin = (request: FastifyRequest, address: string, isRequired: boolean): void => {
    const { origin } = request.headers;
    if (origin === undefined) {
      if (!isRequired) return;
      throw new ApiError("origin-refused", "a change from a browser session carries its Origin", {
        hint: "programs use `Authorization: Bearer TOKEN` instead of the session cookie",
      });
    }
    const own = `${isEncrypted ? "https" : "http"}://${address}`;
    if (origin.toLowerCase() !== own.toLowerCase()) {
      throw new ApiError("origin-refused", `"${clip(origin)}" is not "${clip(own)}"`);
    }
  };

  const identify = async (request: FastifyRequest): Promise<Person> => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const secret = /^Bearer ([A-Za-z0-9._~+/=-]{1,512})$/i.exec(authorization)?.[1];
      const person = secret === undefined ? undefined : await people.fromApiToken(secret);
      if (person !== undefined) return person;
      throw new ApiError("not-signed-in", "the bearer token is not known here or its time is over");
    }
    const cookie = request.cookies[cookieName];
    if (cookie === undefined) {
      throw new ApiError("not-signed-in", "the request carries neither a token nor a session");
    }
    const person = await people.fromSession(cookie);
    if (person !== undefined) return person;
    throw new ApiError("not-signed-in", "the session has ended");
  };

  return {
    async admit(request, access) {
      const isChange = request.method !== "GET" && request.method !== "HEAD";
      // Whoever watches over managers asks them by any name; there is nothing to take there.
      if (access.who === "anyone" && !isChange) return null;
      const address = checkAddress(request);
      if (access.who === "anyone") {
        checkOrigin(request, address, false);
        return null;
      }
      const person = await identify(request);
      checkOrigin(request, address, isChange && person.via === "session");
      if (access.who === "api-token" && person.via !== "api-token") {
        throw new ApiError("token-needed", "this is for programs and the command line");
      }
      return person;
    },
  };
}

/** `127.0.0.1:7600` → `127.0.0.1`, `[::1]:7600` → `[::1]`; undefined where it is neither. */
export function hostNameOf(address: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?$/i.exec(address)?.[1]?.toLowerCase();
}

/** The names under which a manager at this address may be asked. */
export function namesOf(address: string, more: readonly string[]): ReadonlySet<string> {
  const own = address.includes(":") ? `[${address}]` : address;
  const names = [own, ...more, ...(isLoopback(address) ? loopbackNames : [])];
  return new Set(names.map((name) => name.toLowerCase()));
}

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
