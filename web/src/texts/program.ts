/** What a client is called. */
export const program = {
  unknown: "Unknown program",
  on: (name: string, system: string) => `${name} on ${system}`,
} as const;
