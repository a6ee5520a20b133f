import { expect, it, vi } from "vitest";

import { toast } from "@/ui/toast";

it("the first word is not lost, however long it takes until the toaster listens", async () => {
  const undo = vi.fn();
  toast("Insight dismissed", { undo });
  toast("Task created");
  await vi.waitFor(() => expect(document.body.textContent).toContain("Insight dismissed"));
  expect(document.body.textContent).toContain("Task created");
  const button = [...document.querySelectorAll("button")].find((each) => each.textContent === "Undo");
  button?.click();
  expect(undo).toHaveBeenCalledOnce();
});
