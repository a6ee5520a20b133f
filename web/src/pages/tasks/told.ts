import { problemOf } from "@/api/client";
import { toast } from "@/ui/toast";

/** The same change, with a word when it fails. It is said by the change itself, because its row may be gone by then. */
export function told<T extends { onError?: (...args: never[]) => unknown }>(change: T): T {
  return {
    ...change,
    onError: (...args: never[]) => {
      const problem = problemOf(args[0]);
      // Which of both is to stand is asked in a dialog.
      if (problem.code !== "changed") toast(problem.detail);
      return change.onError?.(...args);
    },
  };
}
