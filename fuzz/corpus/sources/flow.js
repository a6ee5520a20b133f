=== src/flow.js
"use strict";
import a, { b as c, default as d } from "./a.js";
import * as e from "@/e";
export * from "../f";
const { exec } = require("child_process"), g = await import(`./h/${a}.js`);
/** Doc. */
export async function f(req, res, { x = 1, ...y }) {
  const q = req.query.q ?? y?.z?.[0];
  exec("ls " + q, (err) => { if (err) throw err; });
  document.getElementById("a").innerHTML = `<b>${q}</b>`;
  db.query("select " + q); res.redirect(req.body.to); eval(q); new Function(q)();
  for (const k of Object.keys(y)) { y[k] = Math.random(); }
  label: while (true) { switch (q) { case 1: continue label; default: break label; } }
  return q ? await f(...y) : (() => 1)() || q && x;
}
class A extends B { #p = 1; static { this.q = 2; } get r() { return this.#p; } async *s() { yield* f(); } }
it("works", () => { expect(1).toBe(1); });
module.exports = { A, token: "ghp_0123456789abcdefghijABCDEFGHIJ012345" };
try { JSON.parse(a) } catch {}
const re = /(a+)+$/g, t = tag`x${1}`;
