import assert from "node:assert/strict"
import { test } from "node:test"
import { takenOn } from "../../static/js/lib/photo_date.js"

/** An EXIF block with one date, as a camera writes it; `before` stands in front of it. */
function photo(date, { tag = 0x9003, isLittle = false, before = 40 } = {}) {
  const view = new DataView(new ArrayBuffer(before + 120))
  const start = before + 6
  for (const [index, letter] of [..."Exif"].entries()) {
    view.setUint8(before + index, letter.charCodeAt(0))
  }
  const word = (at, value) => view.setUint16(start + at, value, isLittle)
  const long = (at, value) => view.setUint32(start + at, value, isLittle)
  view.setUint16(start, isLittle ? 0x4949 : 0x4d4d)
  word(2, 42)
  long(4, 8)
  word(8, 1)
  word(10, 0x8769)
  long(18, 26)
  word(26, 1)
  word(28, tag)
  long(36, 50)
  for (const [index, letter] of [...date].entries()) {
    view.setUint8(start + 50 + index, letter.charCodeAt(0))
  }
  return view.buffer
}

test("a photo says the day it was taken, in either order of bytes", () => {
  assert.equal(takenOn(photo("2026:11:14 08:20:00")), "2026-11-14")
  assert.equal(takenOn(photo("2026:11:14 23:59:59", { isLittle: true })), "2026-11-14")
  assert.equal(takenOn(photo("2026-02-28 08:20:00", { tag: 0x9004 })), "2026-02-28")
})

test("the block is found wherever it stands, as HEIC puts it near the end", () => {
  assert.equal(takenOn(photo("2026:11:14 08:20:00", { before: 700_000 })), "2026-11-14")
  const word = new TextEncoder().encode("Exif Exif\0\0xx")
  const joined = new Uint8Array([...word, ...new Uint8Array(photo("2025:01:02 00:00:00"))])
  assert.equal(takenOn(joined.buffer), "2025-01-02")
})

test("a day that cannot be is none", () => {
  for (const date of ["0000:00:00 00:00:00", "2026:02:30 08:20:00", "    :  :     :  :  ", "x"]) {
    assert.equal(takenOn(photo(date)), null)
  }
})

test("what is cut short, or no photo, is known nothing of", () => {
  const whole = photo("2026:11:14 08:20:00")
  for (let length = 0; length < 106; length += 1)
    assert.equal(takenOn(whole.slice(0, length)), null)
  assert.equal(takenOn(new ArrayBuffer(0)), null)
})

test("a directory that points beyond its end, or at itself, ends nowhere", () => {
  const view = new DataView(photo("2026:11:14 08:20:00"))
  view.setUint32(46 + 18, 0xffff_fff0)
  assert.equal(takenOn(view.buffer), null)
  view.setUint32(46 + 18, 8)
  assert.equal(takenOn(view.buffer), null)
  view.setUint16(46 + 8, 0xffff)
  assert.equal(takenOn(view.buffer), null)
})
