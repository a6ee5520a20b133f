import { signOut } from "@/api/account";
import { forgetDrafts } from "@/chat/drafts";
import { forget } from "@/offline/kept";

/** Ends the session, or all of them, on the server, and forgets what this browser kept of it. */
export async function endSession(which: "this" | "all"): Promise<void> {
  await signOut(which);
  await forget();
  forgetDrafts();
}
