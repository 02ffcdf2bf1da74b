import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { beginsAsOne, folded } from "../../static/js/lib/fold.js"

// The same examples as the server's own test reads.
const examples = JSON.parse(readFileSync(new URL("../data/folding.json", import.meta.url), "utf8"))

for (const [typed, expected] of examples.folded) {
  test(`"${typed}" is folded to "${expected}"`, () => assert.equal(folded(typed), expected))
}
for (const [text, wanted, expected] of examples.begins_as_one) {
  test(`"${wanted}" ${expected ? "is" : "is not"} in "${text}", spaces aside`, () =>
    assert.equal(beginsAsOne(text, wanted), expected))
}
