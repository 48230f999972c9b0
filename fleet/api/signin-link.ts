/**
 * The path of a sign-in link. The secret stands behind `#`: browsers do not send that part, so it is
 * in no log. The page takes it from there and posts it to /api/v1/session.
 */
export function signinPath(secret: string): string {
  return `/sign-in#${secret}`;
}
