import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { AnswerText } from "@/chat/answer-text";
import { pageOf, pieces, plain } from "@/chat/markdown";

import { PAYLOADS } from "../e2e/lib/payloads.mjs";

/** How a source is shown here: the page makes a button of it. */
const cite = (number: number): ReactNode => createElement("button", { key: number, "data-cite": number }, number);

/** The page that comes of an answer. */
function shown(text: string): HTMLElement {
  const page = document.createElement("div");
  page.innerHTML = renderToStaticMarkup(createElement(AnswerText, { text, cite }));
  return page;
}

const html = (text: string): string => shown(text).firstElementChild?.innerHTML ?? "";
/** The same without what only looks. */
const bare = (text: string): string => html(text).replace(/ (class|tabindex|title|target|rel)="[^"]*"/g, "");

describe("an answer", () => {
  it("is paragraphs, headings of one level, lists in lists, quotations and rules", () => {
    expect(bare("# A\n#### B\nOne **two** _three_ ~~four~~\nfive\n\n> six\n\n---")).toBe(
      "<h3>A</h3><h3>B</h3><p>One <strong>two</strong> <em>three</em> <del>four</del>\nfive</p><blockquote><p>six</p></blockquote><hr>",
    );
    const lists = shown("3. one\n   - two\n4. three\n\n- [x] done");
    expect(lists.querySelector("ol")?.getAttribute("start")).toBe("3");
    expect([...lists.querySelectorAll("ol > li")].map((each) => each.textContent)).toEqual(["onetwo", "three"]);
    expect(lists.querySelector("ol ul li")?.textContent).toBe("two");
    expect(lists.querySelector("[role=img]")?.getAttribute("aria-label")).toBe("Done:");
  });

  it("holds code as it is, also before its fence is closed", () => {
    const page = shown("Before\n\n```ts\nif (a[1] < 2) {\n\n  b(`*c*`);");
    expect(page.querySelector("figcaption")?.textContent).toBe("ts");
    expect(page.querySelector("pre")?.textContent).toBe("if (a[1] < 2) {\n\n  b(`*c*`);");
    expect(page.querySelector("button[data-cite]")).toBeNull();
  });

  it("marks what a difference takes away and adds by colour beside the sign", () => {
    const lines = [...shown("```diff\n@@ -1 +1 @@\n-old\n+new\n same\n```").querySelectorAll("pre > span")];
    expect(lines.map((each) => each.textContent)).toEqual(["@@ -1 +1 @@", "-old", "+new", " same"]);
    expect(lines.map((each) => /text-(ok|critical)/.exec(each.className)?.[1])).toEqual([undefined, "critical", "ok", undefined]);
  });

  it("is a table whose cells stand as they are aligned", () => {
    const page = shown("| a | b |\n|---|--:|\n| 1 | `2` [1] |");
    expect([...page.querySelectorAll("th, td")].map((each) => each.textContent)).toEqual(["a", "b", "1", "2 1"]);
    expect(page.querySelector("td:last-child")?.className).toContain("text-end");
    expect(page.querySelector("td button")?.getAttribute("data-cite")).toBe("1");
  });

  it("shows the host of a page, and leaves other addresses the text they are", () => {
    const page = shown("[docs](https://docs.rs/x) [run](javascript:alert(1)) [file](src/a.ts) [who](https://docs.rs@evil.example/) ![dot](https://evil.example/p.png)");
    expect([...page.querySelectorAll("a")].map((each) => [each.getAttribute("href"), each.textContent])).toEqual([["https://docs.rs/x", "docs (docs.rs)"]]);
    expect(page.querySelector("img")).toBeNull();
    expect(page.textContent).toContain("![dot](https://evil.example/p.png)");
    expect(page.textContent).toContain("[run](javascript:alert(1))");
  });

  it("shows what hides or turns around as an escape, and reads what stands for a sign", () => {
    expect(bare("a\u202eb `\u200b` a &lt; b &amp;amp; &#x41; \\*c\\*")).toBe("<p>a\\u{202e}b <code>\\u{200b}</code> a &lt; b &amp;amp; A *c*</p>");
  });

  it("is one text where it lies too deep to be read", () => {
    const deep = `${">".repeat(20_000)}a`;
    expect(shown(deep).textContent).toBe(deep);
    const nested = Array.from({ length: 60 }, (_, at) => `${"  ".repeat(at)}- x${at}`).join("\n");
    expect(shown(nested).textContent).toContain("x59");
    expect(shown(nested).querySelectorAll("ul").length).toBeLessThan(20);
  });
});

describe("the numbers of sources", () => {
  it.each([
    ["It is [1].", ["It is ", [1], "."]],
    ["[1, 12]", [[1, 12]]],
    ["[1][2] x", [[1], [2], " x"]],
    ["argv[1] and f()[2] and [1234] and [a]", ["argv[1] and f()[2] and [1234] and [a]"]],
  ])("are found in a line: %s", (line, expected) => {
    expect(pieces(line).map((piece) => (typeof piece === "string" ? piece : piece.cites))).toEqual(expected);
  });

  it("are the sources' own where a model gives them an address", () => {
    expect(bare("So [1], [2](http://evil.example) and [3].\n\n[3]: http://evil.example")).toBe(
      '<p>So <button data-cite="1">1</button>, <button data-cite="2">2</button> and <button data-cite="3">3</button>.</p><p>[3]: http://evil.example</p>',
    );
  });
});

it("reads the references of characters that there are", () => expect(plain("&lt;&#60;&#x3C;&nope;&#0;&#x110000;")).toBe("<<<&nope;&#0;&#x110000;"));

it("follows pages of the web alone", () => {
  expect(pageOf("https://a.example/b")).toEqual({ href: "https://a.example/b", host: "a.example" });
  for (const other of ["javascript:alert(1)", "data:text/html,x", "//a.example", "/b", "https://", "ftp://a.example", "https://good.example@evil.example/"]) expect(pageOf(other)).toBeUndefined();
});

describe("what wants to run in a reader's browser", () => {
  const ALLOWED = new Set([
    "div", "p", "h3", "ol", "ul", "li", "blockquote", "hr", "br", "strong", "em", "del", "code", "a", "button", "span", "figure", "figcaption", "pre", "table", "thead",
    "tbody", "tr", "th", "td", "svg", "path", "rect",
  ]);
  const CARRIERS: Record<string, (payload: string) => string> = {
    alone: (payload) => payload,
    "in a line": (payload) => `Look at **${payload}** and \`${payload}\``,
    "as an address": (payload) => `[x](${payload}) [y](<${payload}>) ![z](${payload})\n\n[w][r]\n\n[r]: ${payload}`,
    "as an address of its own": (payload) => `<${payload}>`,
    "in a table": (payload) => `| a |\n|---|\n| ${payload} |`,
    "in a list": (payload) => `- ${payload}\n  - ${payload}\n\n> ${payload}`,
    "as a language": (payload) => `\`\`\`${payload}\n${payload}\n\`\`\``,
    "as a title": (payload) => `# ${payload}\n\n[x](https://a.example "${payload}")`,
  };

  it("has enough to say", () => expect(PAYLOADS.length).toBeGreaterThan(300));

  it.each(Object.entries(CARRIERS))("is text: %s", (_name, carry) => {
    const ran: string[] = [];
    for (const { text } of PAYLOADS) {
      for (const element of shown(carry(text)).querySelectorAll("*")) {
        const bad = [...element.attributes].filter(({ name, value }) => /^on|^style$|^src|^srcdoc$|^formaction$|xlink/.test(name) || (name === "href" && !/^https?:\/\//.test(value)));
        if (!ALLOWED.has(element.localName) || bad.length > 0) ran.push(`${text} became ${element.outerHTML.slice(0, 200)}`);
      }
    }
    expect(ran).toEqual([]);
  });
});
