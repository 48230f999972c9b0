declare const brand: unique symbol;

/** A primitive that has been checked once and may be trusted wherever its type stands. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
