import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { beforeEach, describe, test } from "node:test"

import { remainingWords } from "../../static/js/lib/overlay.js"
import { reasonOf } from "../../static/js/lib/reasons.js"
import { clockIn, dueWords } from "../../static/js/lib/relative_time.js"
import { daysWords, figure, learn, numberWord, say, shortDay } from "../../static/js/lib/words.js"

// The server is tested with the same file: both say the same.
const data = new URL("../data/phone_words.json", import.meta.url)
const languages = JSON.parse(readFileSync(data, "utf8"))
const NOW = new Date("2026-11-23T08:00:00Z")

beforeEach(() => learn(languages.en.words))

for (const [code, { words, due, remaining, days, plural }] of Object.entries(languages)) {
  describe(`in ${code}`, () => {
    beforeEach(() => learn(words))

    for (const [minutes, said] of due) {
      test(`a dose that is due in ${minutes} min is "${said}"`, () => {
        const at = new Date(NOW.getTime() + minutes * 60_000)
        const isLate = Math.round(minutes) < -5
        assert.deepEqual(dueWords(at, NOW, clockIn("Europe/Berlin")), { words: said, isLate })
      })
    }

    for (const [waiting, missed, said] of remaining) {
      test(`${waiting} waiting and ${missed} missed is "${said}"`, () => {
        assert.equal(remainingWords({ waiting, missed }), said)
      })
    }

    for (const [first, last, said] of days) {
      test(`${first} to ${last} is "${said}"`, () => {
        assert.equal(daysWords(new Date(first), new Date(last), 2026), said)
      })
    }

    for (const [n, said] of plural) {
      test(`${n} goes by its plural form: "${said}"`, () => assert.equal(say("days", { n }), said))
    }
  })
}

test("a wall clock shows the zone's own time, midnight as 00", () => {
  assert.equal(clockIn("Asia/Tokyo")(NOW), "17:00")
  assert.equal(clockIn("Europe/Berlin")(new Date("2026-11-22T23:05:00Z")), "00:05")
})

test("a short day is the one that the zone has", () => {
  assert.equal(shortDay(new Date("2026-11-30T23:30:00Z"), "Europe/Berlin"), "1 Dec")
  assert.equal(shortDay(new Date("2026-11-30T23:30:00Z")), "30 Nov")
})

test("numbers are words up to twelve", () => {
  assert.deepEqual([0, 1, 12, 13].map(numberWord), ["None", "One", "Twelve", "13"])
})

test("a figure has one decimal at most, with the mark of the language", () => {
  assert.deepEqual([11.66, 12, 1234.5].map(figure), ["11.7", "12", "1234.5"])
  learn(languages.de.words)
  assert.deepEqual([11.66, 12].map(figure), ["11,7", "12"])
})

test("a text that fills a placeholder is taken as it is", () => {
  learn({ locale: "en-GB", messages: { dose_taken: "{dose} taken" } })
  assert.equal(say("dose_taken", { dose: "$& {dose}" }), "$& {dose} taken")
})

test("a refusal is told in the server's words, else in a sentence of our own", () => {
  learn({
    locale: "en-GB",
    messages: { not_accepted: "Not accepted ({status}).", server_failed: "It failed." },
  })
  const refused = { state: "refused", status: 404, reason: "" }
  assert.equal(reasonOf({ ...refused, reason: "Enter how much." }), "Enter how much.")
  assert.equal(reasonOf(refused), "Not accepted (404).")
  assert.equal(reasonOf({ state: "aside", reason: "" }), "It failed.")
})
