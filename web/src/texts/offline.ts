import { plural } from "@/lib/count";

/** Work without a connection. */
export const offline = {
  since: (time: string) => `Offline since ${time}. Showing stored data.`,
  waiting: (count: number) => `${plural(count, "change", "changes")} waiting`,
  needs: (count: number) => (count === 1 ? "1 change needs you" : `${count} changes need you`),
  tray: "Changes that are not saved yet",
  trayHint: "They are sent in this order as soon as the server answers. Nothing of them is lost when this page is closed.",
  unstoredHint: "They are sent in this order as soon as the server answers. Keep this page open: this browser stores no more.",
  unsaved: "Changes are not saved",
  unsavedLead: (count: number) =>
    `${plural(count, "change is", "changes are")} not saved, and lost when you sign out. The line at the top of the page lists what waits.`,
  loseThem: "Sign out and lose them",
  stay: "Stay signed in",
  drop: "Drop",
  dropped: "Change dropped",
  notDropped: "The change is on its way or saved already, and cannot be dropped.",
  choose: "Choose",
  again: "Try again",
  old: "It has waited for more than a day. Send it if it still holds.",
  sendNow: "Send now",
  refused: (why: string) => `Not taken: ${why}`,
  conflict: "Somebody changed it in the meantime.",
  sent: (saved: number, refused: number) =>
    [saved > 0 && `${plural(saved, "change", "changes")} saved`, refused > 0 && (refused === 1 ? "1 needs you" : `${refused} need you`)].filter(Boolean).join(", ") + ".",
  notStored: "Not available offline yet. It is shown as soon as the server answers.",
  storedAt: (age: string) => `Stored data, read ${age}.`,
  hostResting: (pause: string) => `The host wants a pause. It is asked again in ${pause}.`,
  resting: (seconds: number) => `The server is resting; next try in ${seconds} s.`,
  limited: (seconds: number) => `Too many requests. Sending in ${seconds} s.`,
  limitedOnce: "Too many requests. They are sent again by themselves.",
  cancel: "Cancel",
};

/** Two people changed the same thing: which of both is to stand. */
export const conflict = {
  title: (what: string) => `${what} was changed in the meantime`,
  insight: "An insight",
  lead: (age: string) => `Somebody changed it ${age}. Choose what is to stand.`,
  field: { status: "State", title: "Title", description: "Note", kind: "Kind", text: "Text", tags: "Tags", evidence: "Evidence", expires_at: "End of its time" },
  never: "Never",
  memory: "A memory",
  yours: "Yours",
  theirs: "Theirs",
  apply: "Save the choice",
  drop: "Keep theirs",
  gone: "It is not there any more, so that your change cannot be made.",
  closed: "Its check passed in the meantime, so that your change has nothing to do.",
  same: "Both are the same by now: nothing is left to choose.",
};
