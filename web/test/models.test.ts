import { expect, test } from "vitest";

import { formatMoney, moneyText, parseCount, parseMoney } from "@/lib/money";

test("an amount is read as it is written, to the millionth, and nothing else is taken for one", () => {
  expect(["3", "0.25", "0,000001", " 12.5 ", ""].map(parseMoney)).toEqual([3_000_000, 250_000, 1, 12_500_000, null]);
  for (const no of ["-1", "1e3", "1.0000001", "three", "1.2.3", "NaN"]) expect(parseMoney(no)).toBeUndefined();
  for (const micros of [0, 1, 250_000, 3_000_000, 123_456_789]) expect(parseMoney(moneyText(micros))).toBe(micros);
  expect(moneyText(null)).toBe("");
});

test("what was spent is never said to be nothing when it was something", () => {
  expect([0, 1, 250_000, 3_000_000].map(formatMoney)).toEqual(["0.00", "< 0.0001", "0.25", "3.00"]);
});

test("a count keeps to its bounds", () => {
  const read = parseCount(1_024, 10_000_000);
  expect(["8192", "8 192", "10'000'000", ""].map(read)).toEqual([8192, 8192, 10_000_000, null]);
  for (const no of ["1023", "10000001", "8192.5", "-1", "8k"]) expect(read(no)).toBeUndefined();
});
