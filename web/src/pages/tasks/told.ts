import { problemOf } from "@/api/client";
import { tasks as texts } from "@/texts/tasks";
import { toast } from "@/ui/toast";

/** What a failed change says. */
const explain = (error: unknown): string => {
  const problem = problemOf(error);
  return problem.status === 409 ? texts.conflict : problem.detail;
};

/** The same change, with a word when it fails. It is said by the change itself, because its row may be gone by then. */
export function told<T extends { onError?: (...args: never[]) => unknown }>(change: T): T {
  return {
    ...change,
    onError: (...args: never[]) => {
      toast(explain(args[0]));
      return change.onError?.(...args);
    },
  };
}
