declare module "*/e2e/lib/payloads.mjs" {
  /** What people write who want their text to run in somebody else's browser. */
  export const PAYLOADS: readonly { id: number; text: string }[];
}
