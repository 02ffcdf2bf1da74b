import assert from "node:assert/strict"
import { afterEach, test } from "node:test"

import { outcomeOf, post, skewOf } from "../../static/js/lib/post.js"

const ENTRY = {
  id: "4f1c8a52-2a7b-4f3e-9c55-0b8c1f6f2f11",
  account: "alice",
  device: "phone",
  changed_at: "2026-11-23T08:00:00.000Z",
  action: "/regimen/minoxidil/doses",
  fields: [
    ["slot", "one"],
    ["slot", "two"],
  ],
}
const { fetch } = globalThis

afterEach(() => {
  globalThis.fetch = fetch
})

function answer(status, { body = null, headers = {} } = {}) {
  const asked = []
  globalThis.fetch = async (url, options) => {
    asked.push({ url, ...options })
    return new Response(body, { status, headers })
  }
  return asked
}

test("a success with the echo is sent", async () => {
  const asked = answer(204, { headers: { "Outbox-Entry": ENTRY.id } })

  assert.equal((await post(ENTRY)).outcome, "sent")
  const [{ url, method, headers, body, redirect }] = asked
  assert.deepEqual([url, method, redirect], [ENTRY.action, "POST", "manual"])
  const clock = Number(headers["Outbox-Clock"])
  assert.ok(Math.abs(Date.now() - clock) < 5_000)
  assert.equal(headers["Outbox-Entry"], ENTRY.id)
  assert.equal(headers["Outbox-Account"], "alice")
  assert.deepEqual(body.getAll("slot"), ["one", "two"])
  assert.equal(body.get("changed_at"), ENTRY.changed_at)
  assert.equal(body.get("device"), "phone")
})

test("a success without the echo is a captive portal's, and stops", async () => {
  answer(200, { body: "Welcome to the hotel" })

  assert.equal((await post(ENTRY)).outcome, "stop")
})

test("the echo of another entry is no echo", async () => {
  answer(204, { headers: { "Outbox-Entry": "another" } })

  assert.equal((await post(ENTRY)).outcome, "stop")
})

test("no network stops", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"))

  assert.deepEqual(await post(ENTRY), { outcome: "stop" })
})

test("a refusal carries the server's sentence", async () => {
  answer(422, {
    body: "Enter how much.\n",
    headers: { "Content-Type": "text/plain; charset=utf-8", "Outbox-Entry": ENTRY.id },
  })

  const { outcome, reason } = await post(ENTRY)
  assert.deepEqual([outcome, reason], ["refused", "Enter how much."])
})

test("a refusal by a page tells its status alone", async () => {
  const headers = { "Content-Type": "text/html", "Outbox-Entry": ENTRY.id }
  answer(404, { body: "<h1>Nothing</h1>", headers })

  const { outcome, status, reason } = await post(ENTRY)
  assert.deepEqual([outcome, status, reason], ["refused", 404, ""])
})

test("a device whose clock is off is told by how much, and keeps its entry", async () => {
  const told = String(Date.now() + 3 * 3_600_000)
  answer(409, { headers: { "Outbox-Entry": ENTRY.id, "Strand-Clock": told } })

  const { outcome, clockOff } = await post(ENTRY)
  assert.equal(outcome, "stop")
  assert.ok(Math.abs(clockOff - 3 * 3_600_000) < 5_000)
})

test("an entry whose clock was corrected says nothing of the clock", async () => {
  const asked = answer(204, { headers: { "Outbox-Entry": ENTRY.id } })

  await post({ ...ENTRY, skew: 60_000 })
  assert.equal("Outbox-Clock" in asked[0].headers, false)
})

test("a refusal without the echo is some proxy's, and stops", async () => {
  answer(404, { body: "<h1>No such host</h1>", headers: { "Content-Type": "text/html" } })

  assert.equal((await post(ENTRY)).outcome, "stop")
})

test("a busy server says when to come back", async () => {
  answer(429, { headers: { "Retry-After": "30" } })

  const { outcome, retryAfter } = await post(ENTRY)
  assert.deepEqual([outcome, retryAfter], ["stop", 30])
})

for (const status of [0, 200, 302, 303, 401, 403, 408, 429, 502, 503, 504]) {
  test(`${status} without an echo stops`, () => assert.equal(outcomeOf(status, false), "stop"))
}

for (const status of [400, 404, 409, 410, 413, 422]) {
  test(`${status} needs attention`, () => assert.equal(outcomeOf(status, true), "refused"))
  test(`${status} of some proxy stops`, () => assert.equal(outcomeOf(status, false), "stop"))
}

test("500 is set aside", () => assert.equal(outcomeOf(500, false), "aside"))

test("a device whose clock is ten minutes behind is corrected by the server's", () => {
  const started = Date.parse("2026-11-23T07:50:00.000Z")

  assert.equal(skewOf("Mon, 23 Nov 2026 08:00:00 GMT", started, started + 1000), 600_000)
})

test("a clock that is right to two seconds is left alone", () => {
  const started = Date.parse("2026-11-23T07:59:59.000Z")

  assert.equal(skewOf("Mon, 23 Nov 2026 08:00:00 GMT", started, started + 200), 0)
})

test("what a slow way accounts for is no error of the clock", () => {
  const started = Date.parse("2026-11-23T07:59:57.000Z")

  assert.equal(skewOf("Mon, 23 Nov 2026 08:00:00 GMT", started, started + 3000), 0)
})

test("a slow answer or none of the date tells nothing about the clock", () => {
  const started = Date.parse("2026-11-23T07:50:00.000Z")

  assert.equal(skewOf("Mon, 23 Nov 2026 08:00:00 GMT", started, started + 9000), null)
  assert.equal(skewOf(null, started, started), null)
})
