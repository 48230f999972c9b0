import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import type { PasswordHasher } from "#fleet/identity/people-store.ts";

/** 19 MiB and two passes: some 30 ms of one core, off the thread that serves. */
const cost = { memoryKiB: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const tagBytes = 32;
/** At once: a crowd of guessers takes no more memory than this many. */
const atOnceMax = 2;

const form =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,64})\$([A-Za-z0-9+/]{22,128})$/;

/** Argon2id in the usual text form: `$argon2id$v=19$m=19456,t=2,p=1$SALT$TAG`. */
export function createArgon2Passwords(): PasswordHasher {
  const inTurn = createTurns(atOnceMax);
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes);
      const tag = await inTurn(() => derive(password, { ...cost, salt, tagBytes }));
      const { memoryKiB, passes, parallelism } = cost;
      return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${parallelism}$${plain(salt)}$${plain(tag)}`;
    },
    async verify(password, kept) {
      const [, memory, passes, parallelism, saltText, tagText] = form.exec(kept) ?? [];
      if (saltText === undefined || tagText === undefined) return false;
      const tag = Buffer.from(tagText, "base64");
      const given = await inTurn(() =>
        derive(password, {
          // The kept text is ours; a row that somebody changed cannot take all memory.
          memoryKiB: Math.min(Number(memory), 262_144),
          passes: Math.min(Number(passes), 10),
          parallelism: Math.min(Number(parallelism), 4),
          salt: Buffer.from(saltText, "base64"),
          tagBytes: tag.length,
        }),
      );
      return timingSafeEqual(given, tag);
    },
  };
}

function derive(
  password: string,
  how: {
    readonly memoryKiB: number;
    readonly passes: number;
    readonly parallelism: number;
    readonly salt: Buffer;
    readonly tagBytes: number;
  },
): Promise<Buffer> {
  const { memoryKiB: memory, passes, parallelism, salt: nonce, tagBytes: tagLength } = how;
  const message = Buffer.from(password);
  return new Promise((resolve, reject) => {
    argon2("argon2id", { message, nonce, parallelism, tagLength, memory, passes }, (error, tag) => {
      if (error === null) resolve(tag);
      else reject(error);
    });
  });
}

function plain(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

/** Runs so many at once; the others wait their turn. */
function createTurns(max: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
