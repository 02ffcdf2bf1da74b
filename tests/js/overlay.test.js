import assert from "node:assert/strict"
import { test } from "node:test"

import { statusOf } from "../../static/js/lib/overlay.js"

test("an undone dose waits again, on a past day it counts as missed", () => {
  const undone = (on) => ({
    fields: [
      ["due_on", on],
      ["status", "nothing"],
    ],
  })

  assert.equal(statusOf(undone("2026-11-23"), "taken", "2026-11-23"), "waiting")
  assert.equal(statusOf(undone("2026-11-22"), "taken", "2026-11-23"), "missed")
})

test("an extra dose that is changed stays extra", () => {
  assert.equal(statusOf({ fields: [["status", "taken"]] }, "extra", "2026-11-23"), "extra")
})
