=== src/flow.ts
import type { A } from "./a";
import b = require("b");
export abstract class C<T extends keyof A = any> implements D {
  @dec() private readonly x!: string;
  constructor(public y?: number, private z = <any>1) { super(); }
  get<K>(this: C<T>, k: K & T): k is T { return k as unknown as T satisfies T; }
}
export enum E { A = 1, B = "b" }
namespace N.M { export declare const v: unique symbol; }
type F = { [K in keyof A]?: A[K] extends infer U ? U : never } | `a${string}`;
function g(a: string): void; function g(a: any) { el.innerHTML = a!; }
