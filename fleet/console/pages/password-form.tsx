import { type FormEvent, useState } from "react";

/** Name and password; what is typed stays in the fields until it was right. */
export function PasswordForm({
  isTrying,
  onSubmit,
}: {
  readonly isTrying: boolean;
  readonly onSubmit: (name: string, password: string) => void;
}) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name !== "" && password !== "" && !isTrying) onSubmit(name.trim(), password);
  };
  return (
    <form className="password-form" onSubmit={submit} aria-label="Sign in by password">
      <label>
        <span>name</span>
        <input
          className="field"
          autoComplete="username"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label>
        <span>password</span>
        <input
          className="field"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={isTrying}>
        sign in
      </button>
    </form>
  );
}
