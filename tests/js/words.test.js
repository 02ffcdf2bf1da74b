import assert from "node:assert/strict"
import { test } from "node:test"

import { numberWord, remainingWords, statusOf } from "../../static/js/lib/overlay.js"
import { clockIn, dueWords } from "../../static/js/lib/relative_time.js"

const NOW = new Date("2026-11-23T08:00:00Z")
const inBerlin = clockIn("Europe/Berlin")

function wordsIn(minutes) {
  return dueWords(new Date(NOW.getTime() + minutes * 60_000), NOW, inBerlin)
}

for (const [minutes, words, isLate] of [
  [20, "in 20\u00a0min", false],
  [90, "in 90\u00a0min", false],
  [91, "due 10:31", false],
  [5, "due now", false],
  [0, "due now", false],
  [-5, "due now", false],
  [-6, "due 6\u00a0min ago", true],
  [-40, "due 40\u00a0min ago", true],
  [-90, "due 90\u00a0min ago", true],
  [-120, "was due at 07:00", true],
]) {
  test(`a dose ${Math.abs(minutes)} min ${minutes < 0 ? "ago" : "ahead"} is "${words}"`, () => {
    assert.deepEqual(wordsIn(minutes), { words, isLate })
  })
}

test("a wall clock shows the zone's own time, midnight as 00", () => {
  assert.equal(clockIn("Asia/Tokyo")(NOW), "17:00")
  assert.equal(clockIn("Europe/Berlin")(new Date("2026-11-22T23:05:00Z")), "00:05")
})

test("numbers are words up to twelve", () => {
  assert.deepEqual([0, 1, 12, 13].map(numberWord), ["None", "One", "Twelve", "13"])
})

for (const [waiting, missed, words] of [
  [3, 0, "Three to go"],
  [1, 2, "One to go"],
  [0, 0, "All done"],
  [0, 2, "Two not logged"],
]) {
  test(`${waiting} waiting and ${missed} missed is "${words}"`, () => {
    assert.equal(remainingWords({ waiting, missed }), words)
  })
}

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
