import { plural } from "@/lib/count";

/** What changes are called while they wait for the server. */
export const changes = {
  createTask: (title: string) => `New task: ${title}`,
  status: (key: string, status: string) => `${key}: ${status}`,
  title: (key: string) => `${key}: title`,
  note: (key: string) => `${key}: note`,
  remember: (title: string) => `New memory: ${title}`,
  memory: (title: string) => `Memory: ${title}`,
  dismiss: (title: string) => `Dismiss: ${title}`,
  restore: (title: string) => `Bring back: ${title}`,
  suppress: (count: number) => `Suppress ${plural(count, "finding", "findings")}`,
  unsuppress: "Take a suppression back",
  verdict: "Verdict on a finding",
};
