// Accounts, as a person uses them.
import assert from "node:assert/strict";

/** Writes into fields by their labels. */
export async function fill(target, values) {
  for (const [label, value] of Object.entries(values)) {
    // What is optional says so behind its name.
    await target.getByLabel(new RegExp(`^${label}( \\(optional\\))?$`)).fill(value);
  }
}

/** Fills in address and password, and sends them. */
export async function signIn(target, email, password) {
  await fill(target, { Email: email, Password: password });
  await target.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** What the outbox holds for an address, the newest first; read with the operator's cookies. */
export async function letters(context, at, email) {
  const reply = await context.request.get(at("/api/v1/admin/outbox"));
  assert.equal(reply.status(), 200);
  return (await reply.json()).data.mails.filter(({ recipient }) => recipient === email);
}

/** The newest of them, once it is there: mail is a job of its own. */
export async function letterTo(context, at, email) {
  const patience = Date.now() + 30_000;
  for (;;) {
    const [newest] = await letters(context, at, email);
    if (newest) return newest;
    assert.ok(Date.now() < patience, `no message to ${email} within 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The six digits of a message. */
export const code = ({ body }) => /\b(\d{6})\b/.exec(body)[1];

/** What stands behind `#` in the address of a message. */
export const tokenIn = ({ body }) => /#(\S+)/.exec(body)[1];

/** The page in both themes, on a large screen and on a phone. */
export async function looks({ checkpoint, page, faults }, name, target = page) {
  const seen = target === page ? faults : target.faults;
  for (const scheme of ["light", "dark"]) {
    await target.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const width of [1280, 390]) {
      await target.setViewportSize({ width, height: 800 });
      await checkpoint(`account-${name}-${scheme}-${width}`, { target, seen });
    }
  }
  await target.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await target.setViewportSize({ width: 1280, height: 800 });
}
