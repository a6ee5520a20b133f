import { expect, it } from "vitest";

import { pieces } from "@/pages/repo/search/pieces";

const marked = (line: string, ...terms: string[]) => pieces(line, terms).map(([text, hit]) => (hit ? `[${text}]` : text)).join("");

it("marks the words of a question wherever they stand in a name, whatever their case, and loses nothing of the line", () => {
  expect(marked("const capRetries = retry(3);", "retr")).toBe("const cap[Retr]ies = [retr]y(3);");
  expect(marked("nothing here", "retr")).toBe("nothing here");
  expect(marked("", "retr")).toBe("");
});

it("takes the longest of several words, and what stands in one as letters", () => {
  expect(marked("retries", "re", "retries")).toBe("[retries]");
  expect(marked("a.b a+b [x] axb", "a.b", "[x]", "a+b")).toBe("[a.b] [a+b] [[x]] axb");
  expect(marked("as it is", "")).toBe("as it is");
});
