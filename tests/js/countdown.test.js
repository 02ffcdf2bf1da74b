import assert from "node:assert/strict"
import { test } from "node:test"
import { Countdown } from "../../static/js/lib/countdown.js"

function started(seconds = 60) {
  const clock = { now: 1_000_000 }
  const countdown = new Countdown(seconds, () => clock.now)
  countdown.start()
  return { clock, countdown }
}

test("it waits until it is started", () => {
  const countdown = new Countdown(60, () => 5)
  assert.deepEqual([countdown.state, countdown.left, countdown.elapsed], ["ready", 60_000, 0])
})

test("it runs off by the clock, however seldom it is asked", () => {
  const { clock, countdown } = started()
  clock.now += 37_000
  assert.deepEqual(
    [countdown.state, countdown.left, countdown.elapsed],
    ["running", 23_000, 37_000],
  )
  clock.now += 3_600_000
  assert.deepEqual([countdown.state, countdown.left, countdown.elapsed], ["over", 0, 60_000])
})

test("a pause stops it, and it goes on from there", () => {
  const { clock, countdown } = started()
  clock.now += 20_000
  countdown.pause()
  clock.now += 500_000
  assert.deepEqual([countdown.state, countdown.left], ["paused", 40_000])
  countdown.start()
  clock.now += 39_999
  assert.equal(countdown.state, "running")
  clock.now += 1
  assert.equal(countdown.state, "over")
})

test("starting it while it runs changes nothing", () => {
  const { clock, countdown } = started()
  clock.now += 10_000
  countdown.start()
  assert.equal(countdown.left, 50_000)
})

test("once it is over it stays so, until it is set back", () => {
  const { clock, countdown } = started()
  clock.now += 60_000
  countdown.pause()
  countdown.start()
  assert.equal(countdown.state, "over")
  countdown.reset()
  assert.deepEqual([countdown.state, countdown.left], ["ready", 60_000])
})

test("a clock that is set back never makes it longer than it is", () => {
  const { clock, countdown } = started()
  clock.now -= 3_600_000
  assert.deepEqual([countdown.left, countdown.elapsed], [60_000, 0])
})
