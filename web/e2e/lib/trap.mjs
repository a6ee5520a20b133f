// Notices when something runs that a page was only given as text.
import { CANARY } from "./payloads.mjs";

/** What stands in every frame before anything else does: what payloads call tells which payload it was. */
function arm() {
  const say = (what) => (value) => void window.trapped(`${what} ${value}`);
  for (const name of ["alert", "prompt", "confirm", "print", "msgbox", "sprung"]) window[name] = say(name);
  document.addEventListener("securitypolicyviolation", (event) => {
    void window.trapped(`csp ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
}

/** Sets the trap in a window; `hits` is what it caught. Requests for the canary's host end here. */
export async function setTrap(context) {
  const hits = [];
  await context.exposeBinding("trapped", (_, what) => void hits.push(what));
  await context.addInitScript(arm);
  const canary = (url) => url.hostname.endsWith(CANARY);
  await context.route(canary, (route) => {
    hits.push(`request ${new URL(route.request().url()).pathname.replace(/\D/g, "")}`);
    return route.abort();
  });
  return hits;
}

/** What a page made of text has and DevMentor's pages never have: handlers in attributes, frames, addresses that run. */
export function markupOf(page) {
  return page.evaluate(() => {
    const found = [];
    const strange = "iframe,frame,frameset,object,embed,applet,portal,base,math,foreignObject,animate,set,feImage,discard,marquee,audio,video,plaintext,xmp,meta[http-equiv=refresh i]";
    for (const element of document.querySelectorAll(strange)) found.push(`element ${element.outerHTML.slice(0, 120)}`);
    const runs = (value) => {
      const url = URL.parse(value, location.href);
      return url !== null && (!/^https?:$/.test(url.protocol) || url.hostname.endsWith("canary.invalid"));
    };
    const addresses = new Set(["href", "src", "action", "formaction", "xlink:href", "data", "srcset", "ping", "background", "poster"]);
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        // A picture in an address of its own: nothing in an <img> runs.
        if (element.localName === "img" && name === "src" && value.startsWith("data:image/")) continue;
        const bad = name.startsWith("on") || name === "srcdoc" || (addresses.has(name) && runs(value)) || (name === "style" && /url\(|expression/i.test(value));
        if (bad) found.push(`attribute ${name}=${value.slice(0, 100)}`);
      }
    }
    for (const script of document.scripts) if (new URL(script.src || "x:", location.href).origin !== location.origin) found.push(`script ${script.outerHTML.slice(0, 120)}`);
    return found;
  });
}

/** What no page may do: take a text for markup; for an address, a value and the text of a script. */
const carelessly = [
  (text) => `<!DOCTYPE html><body>${text}</body>`,
  (text) => `<!DOCTYPE html><body><script>var a = "${text}";</script><script>var b = '${text}';</script><input value="${text}"><input value='${text}'><a href="${text}">x</a>`,
];

/** The numbers of those payloads that run where nobody takes care: what the trap can catch at all. */
export async function proof(browser, payloads) {
  const context = await browser.newContext();
  const hits = await setTrap(context);
  const page = await context.newPage();
  await page.route("http://careless.invalid/**", (route) => {
    const front = new URL(route.request().url()).pathname === "/";
    return route.fulfill({ status: front ? 200 : 404, contentType: "text/html", body: front ? "<!DOCTYPE html><title>Careless</title>" : "" });
  });
  await page.goto("http://careless.invalid/");
  // What is markup by itself needs nothing around it.
  const documents = payloads.flatMap(({ text }) => carelessly.slice(0, text.startsWith("<") ? 1 : 2).map((write) => write(text)));
  await page.evaluate(async (all) => {
    /** Lends a hand: fires what waits for an event and follows what waits for a click. */
    const touch = (root) => {
      for (const element of root.querySelectorAll("*")) {
        for (const { name } of [...element.attributes]) if (name.startsWith("on")) element.dispatchEvent(new Event(name.slice(2)));
        if (/^[\s\u0000-\u001f]*j/i.test(element.getAttribute("href") ?? "")) element.click();
      }
    };
    const show = (html) =>
      new Promise((done) => {
        const frame = document.createElement("iframe");
        frame.addEventListener("load", () => {
          try {
            touch(frame.contentDocument);
          } catch {
            // It went somewhere else: that is a hit of its own.
          }
          setTimeout(() => done(frame.remove()), 60);
        }, { once: true });
        frame.srcdoc = html;
        document.body.append(frame);
        setTimeout(() => done(frame.remove()), 1_500);
      });
    // Some never end loading: they hold up only their own lane.
    const rest = all.values();
    const lane = async () => {
      for (const html of rest) await show(html);
    };
    await Promise.all(Array.from({ length: 24 }, lane));
  }, documents);
  await context.close();
  return new Set(hits.map((hit) => /\d+/.exec(hit.replace(/^csp.*/, ""))?.[0]).filter(Boolean));
}
