/** What the parts of the page about models share. */
import type { ModelProvider, SetModels } from "@/api/types";
import { visible } from "@/lib/visible";

/** Decides something, and leaves the rest as it is; `done` follows where the server took it. */
export type Decide = (change: Partial<Omit<SetModels, "version">>, done?: () => void) => void;

/** What people call a provider. */
export const nameOf = (provider: string, providers: readonly ModelProvider[]): string =>
  visible(providers.find((each) => each.provider === provider)?.name ?? provider);
