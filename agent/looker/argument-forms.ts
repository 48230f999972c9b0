/**
 * A little grammar for command lines. A form eats arguments from the front and says how many, or
 * null where it does not fit. There is no backtracking: each form decides by what stands next, so
 * judging is linear in the number of arguments.
 */
export type Form = (args: readonly string[], at: number) => number | null;

/** One argument, one of these words. */
export function word(...words: readonly string[]): Form {
  return (args, at) => (words.includes(args[at] ?? "") ? 1 : null);
}

/** One argument of that shape; the expression must be anchored at both ends. */
export function shape(form: RegExp): Form {
  return (args, at) => (form.test(args[at] ?? "") ? 1 : null);
}

/** All of them, one after the other. */
export function inOrder(...forms: readonly Form[]): Form {
  return (args, at) => {
    let count = 0;
    for (const form of forms) {
      const eaten = form(args, at + count);
      if (eaten === null) return null;
      count += eaten;
    }
    return count;
  };
}

/** The first that fits. */
export function oneOf(...forms: readonly Form[]): Form {
  return (args, at) => {
    for (const form of forms) {
      const eaten = form(args, at);
      if (eaten !== null) return eaten;
    }
    return null;
  };
}

/** As many as there are, none too; the first that fits, again and again. */
export function anyOf(...forms: readonly Form[]): Form {
  const one = oneOf(...forms);
  return (args, at) => {
    let count = 0;
    for (;;) {
      const eaten = one(args, at + count);
      if (eaten === null || eaten === 0) return count;
      count += eaten;
    }
  };
}

export function maybe(form: Form): Form {
  return (args, at) => form(args, at) ?? 0;
}

/** True where the form eats every argument. */
export function fits(form: Form, args: readonly string[]): boolean {
  return form(args, 0) === args.length;
}
