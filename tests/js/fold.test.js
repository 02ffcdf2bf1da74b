import assert from "node:assert/strict"
import { test } from "node:test"

import { folded } from "../../static/js/lib/fold.js"

for (const [typed, expected] of [
  ["Minoxidil 5%", "minoxidil 5"],
  ["omega3", "omega 3"],
  ["Søren Łódź ısı", "soren lodz isi"],
  ["Œuf D٣ ５", "oeuf d 3 5"],
  ["OMEGA-3", "omega 3"],
  ["vitamin d 1000", "vitamin d 1000"],
  ["Größe", "grosse"],
  ["Cafe\u0301", "cafe"],
  ["Café", "cafe"],
  ["ΣΊΣΥΦΟΣ", "σισυφοσ"],
  ["½ ﬁbre", "1 2 fibre"],
  ["!?", ""],
]) {
  test(`"${typed}" is folded to "${expected}"`, () => assert.equal(folded(typed), expected))
}
