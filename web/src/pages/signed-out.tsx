import { entrance } from "@/texts/entrance";
import { CopyButton } from "@/ui/copy";

/** The one card in the middle of an otherwise empty page. */
export function Gate({ children }: { children: React.ReactNode }) {
  return (
    <main className="flex min-h-dvh items-center justify-center bg-subtle p-4">
      <div className="flex w-full max-w-[440px] flex-col gap-4 rounded-dialog border border-line bg-raised p-8">
        <img src="/mark.svg" alt="" width={32} height={32} />
        {children}
      </div>
    </main>
  );
}

/** The command that makes a new link. */
export function Command() {
  return (
    <div className="flex items-center justify-between rounded-control bg-sunken ps-3">
      <code>{entrance.signedOutCommand}</code>
      <CopyButton text={entrance.signedOutCommand} />
    </div>
  );
}
