import { describe, expect, it, vi } from "vitest";

import { keyMap, meant, setKeyMap } from "@/lib/keys";
import { formOf } from "@/lib/locale";
import { pinnedFirst } from "@/lib/pinned";
import { writeSetting } from "@/lib/storage";
import { toast, undoLast } from "@/ui/toast";

// What is said on the screen is another matter.
vi.mock("@/ui/toaster", () => ({ show: () => undefined }));

describe("keys that were changed", () => {
  it("stand for what they were given, and what was given away does nothing", () => {
    expect(meant("j", {})).toBe("j");
    expect(meant("n", { j: "n" })).toBe("j");
    expect(meant("j", { j: "n" })).toBeUndefined();
    // Two that changed places.
    expect([meant("j", { j: "k", k: "j" }), meant("k", { j: "k", k: "j" })]).toEqual(["k", "j"]);
  });

  it("are read again, and what is no map is none", () => {
    setKeyMap({ f: "x" });
    expect(keyMap()).toEqual({ f: "x" });
    for (const text of ["", "[]", "null", "{", '{"f":5,"gg":"x","h":"yy"}']) {
      writeSetting("keymap", text);
      expect(keyMap()).toEqual({});
    }
  });
});

describe("the last change", () => {
  it("is taken back once", () => {
    let back = 0;
    toast("Done", { undo: () => (back += 1) });
    expect([undoLast(), undoLast(), back]).toEqual([true, false, 1]);
  });
});

describe("pins", () => {
  it("come first in their own order, and pins of what is gone are passed over", () => {
    const items = ["a", "b", "c"].map((id) => ({ id }));
    expect(pinnedFirst(items, ["c", "gone", "a"]).map((each) => each.id)).toEqual(["c", "a", "b"]);
  });
});

describe("words that go with a number", () => {
  it("follow the rules of the language", () => {
    const forms = { one: "file", other: "files" };
    expect([0, 1, 2, 21].map((value) => formOf(value, forms))).toEqual(["files", "file", "files", "files"]);
    expect(formOf(1, { other: "sheep" })).toBe("sheep");
  });
});
