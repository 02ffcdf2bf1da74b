import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"

import { fieldOf, needsAttention, Outbox } from "../../static/js/lib/outbox.js"

const ALICE = { account: "alice", release: "0.1.0", device: "phone" }
const BOB = { ...ALICE, account: "bob" }
const MINOXIDIL = "dose/minoxidil/2026-11-23/08:00"
const FINASTERIDE = "dose/finasteride/2026-11-23/08:00"
const MAGNESIUM = "dose/magnesium/2026-11-23/21:00"

/** What the entry store promises, without a browser. */
class MemoryStore {
  #entries = []
  #next = 1

  async all() {
    return structuredClone(this.#entries)
  }

  async edit(change) {
    const { put = [], remove = [] } = change(structuredClone(this.#entries))
    const gone = new Set([...remove, ...put].map(({ position }) => position))
    const put_ = put.map((entry) => ({ position: this.#next++, ...structuredClone(entry) }))
    this.#entries = this.#entries.filter(({ position }) => !gone.has(position)).concat(put_)
    this.#entries.sort((one, other) => one.position - other.position)
  }
}

let store, sent, answers, now, outbox

beforeEach(() => {
  store = new MemoryStore()
  sent = []
  answers = {}
  now = new Date("2026-11-23T08:00:00Z")
  outbox = outboxOf(ALICE)
})

function outboxOf(about) {
  return new Outbox({
    store,
    clock: () => now,
    about,
    send: async (entry) => {
      sent.push(`${entry.subject} ${fieldOf(entry, "status")}`)
      const answer = answers[entry.subject] ?? { outcome: "sent", savedAt: sent.length }
      return typeof answer === "string" ? { outcome: answer } : answer
    },
  })
}

function dose(subject, status = "taken", more = {}) {
  return { subject, action: "/doses", label: subject, fields: [["status", status]], ...more }
}

async function waiting() {
  return (await outbox.entries()).map((entry) => `${entry.subject} ${fieldOf(entry, "status")}`)
}

test("an entry says who decided what, where and when", async () => {
  const [entry] = await outbox.add(dose(MINOXIDIL))

  const [kept] = await outbox.entries()
  assert.match(entry.id, /^[0-9a-f-]{36}$/)
  assert.deepEqual(kept, {
    position: 1,
    id: entry.id,
    account: "alice",
    release: "0.1.0",
    device: "phone",
    subject: MINOXIDIL,
    changed_at: "2026-11-23T08:00:00.000Z",
    action: "/doses",
    fields: [["status", "taken"]],
    label: MINOXIDIL,
    attempts: 0,
    failures: 0,
    reason: "",
    state: "waiting",
  })
})

test("entries leave in the order they came, and wait no more once sent", async () => {
  await outbox.add(dose(MINOXIDIL))
  await outbox.add(dose(FINASTERIDE))

  assert.equal(await outbox.flush(), true)
  assert.deepEqual(sent, [`${MINOXIDIL} taken`, `${FINASTERIDE} taken`])
  assert.deepEqual(await waiting(), [])
})

test("take all makes one entry a slot, with one instant", async () => {
  const entries = await outbox.add(dose(MINOXIDIL), dose(FINASTERIDE))

  assert.equal(entries.length, 2)
  assert.equal(new Set(entries.map(({ changed_at }) => changed_at)).size, 1)
  assert.equal(new Set(entries.map(({ id }) => id)).size, 2)
})

test("a newer entry takes the place of an older one that was never tried", async () => {
  await outbox.add(dose(MINOXIDIL, "taken"))
  await outbox.add(dose(MINOXIDIL, "skipped"))

  assert.deepEqual(await waiting(), [`${MINOXIDIL} skipped`])
})

test("an answer to one question keeps the older answers to others of the same subject", async () => {
  const subject = "symptom/2026-11-23/headache"
  const answer = (...fields) => ({ subject, action: "/", label: "", fields, isPartial: true })
  await outbox.add(answer(["symptom-headache", "2"], ["interference-headache", "1"]))
  await outbox.add(answer(["symptom-headache", "3"]))

  const [{ fields }] = await outbox.entries()
  assert.deepEqual(Object.fromEntries(fields), {
    "symptom-headache": "3",
    "interference-headache": "1",
  })
})

test("an older entry that was tried stays, and goes first", async () => {
  answers[MINOXIDIL] = "stop"
  await outbox.add(dose(MINOXIDIL, "taken"))
  await outbox.flush()
  await outbox.add(dose(MINOXIDIL, "skipped"))
  answers = {}
  sent = []

  await outbox.flush()
  assert.deepEqual(sent, [`${MINOXIDIL} taken`, `${MINOXIDIL} skipped`])
})

test("undoing an entry that was never tried leaves nothing to send", async () => {
  await outbox.add(dose(MINOXIDIL, "taken", { before: "waiting" }))

  assert.deepEqual(await outbox.add(dose(MINOXIDIL, "nothing")), [])
  assert.deepEqual(await waiting(), [])
})

test("undoing an entry that was tried is an entry of its own", async () => {
  answers[MINOXIDIL] = "stop"
  await outbox.add(dose(MINOXIDIL, "taken"))
  await outbox.flush()

  await outbox.add(dose(MINOXIDIL, "nothing"))
  assert.deepEqual(await waiting(), [`${MINOXIDIL} taken`, `${MINOXIDIL} nothing`])
})

test("clearing a dose that the server knows as taken is sent, whatever was tapped between", async () => {
  await outbox.add(dose(MINOXIDIL, "skipped", { before: "taken" }))
  await outbox.add(dose(MINOXIDIL, "nothing", { before: "skipped" }))

  assert.deepEqual(await waiting(), [`${MINOXIDIL} nothing`])
})

const tap = (status, ...fields) =>
  dose(MINOXIDIL, status, { fields: [["tap", "yes"], ["status", status], ...fields] })
const note = ["note", "felt dizzy"]
const half = ["amount_choice", "half"]

for (const [what, first, second, kept] of [
  ["a note", dose(MINOXIDIL, "taken", { fields: [["status", "taken"], note] }), tap("skipped"), 0],
  ["half of it", tap("taken", half), tap("skipped"), 0],
  ["the same", tap("taken"), tap("taken"), 0],
  ["something else, as shortly", tap("taken"), tap("skipped"), 1],
  ["less", tap("taken"), tap("taken", half), 1],
]) {
  test(`a tap in another tab after ${what} ${kept ? "takes its place" : "leaves it waiting"}`, async () => {
    const both = [...(await outbox.add(first)), ...(await outbox.add(second))]

    assert.deepEqual(
      (await outbox.entries()).map(({ id }) => id),
      [both[kept].id],
    )
  })
}

test("a tap after an answer was taken back goes behind it, and its undo takes back the tap alone", async () => {
  await outbox.add(dose(MINOXIDIL, "nothing", { before: "taken" }))
  const [tapped] = await outbox.add({ ...tap("taken"), before: "waiting" })
  assert.deepEqual(await waiting(), [`${MINOXIDIL} nothing`, `${MINOXIDIL} taken`])

  await outbox.add(dose(MINOXIDIL, "nothing", { undoes: tapped.id }))
  assert.deepEqual(await waiting(), [`${MINOXIDIL} nothing`])
})

test("clearing on the sheet what was tapped after an answer was taken back is sent", async () => {
  await outbox.add(dose(MINOXIDIL, "nothing", { before: "taken" }))
  await outbox.add({ ...tap("taken"), before: "waiting" })
  await outbox.add(dose(MINOXIDIL, "nothing", { before: "taken" }))

  assert.deepEqual(await waiting(), [`${MINOXIDIL} nothing`])
})

test("taking back the last tap alone returns to what the server knows", async () => {
  const [skipped] = await outbox.add(dose(MINOXIDIL, "skipped", { before: "taken" }))
  await outbox.add(dose(MINOXIDIL, "nothing", { undoes: skipped.id }))

  assert.deepEqual(await waiting(), [])
})

for (const status of [401, 403, 429, 503, undefined]) {
  test(`an answer of ${status ?? "no server at all"} stops the flush and keeps everything`, async () => {
    answers[MINOXIDIL] = { outcome: "stop", status }
    await outbox.add(dose(MINOXIDIL))
    await outbox.add(dose(FINASTERIDE))

    assert.equal(await outbox.flush(), false)
    assert.deepEqual(sent, [`${MINOXIDIL} taken`])
    assert.deepEqual(await waiting(), [`${MINOXIDIL} taken`, `${FINASTERIDE} taken`])
    assert.equal(outbox.stopped.status, status)
  })
}

test("a failing entry is set aside, the others go, and it is tried last the next time", async () => {
  answers[MINOXIDIL] = "aside"
  await outbox.add(dose(MINOXIDIL))
  await outbox.add(dose(FINASTERIDE))
  await outbox.flush()
  assert.deepEqual(sent, [`${MINOXIDIL} taken`, `${FINASTERIDE} taken`])

  await outbox.add(dose(MAGNESIUM))
  await outbox.flush()
  assert.deepEqual(sent.slice(2), [`${MAGNESIUM} taken`, `${MINOXIDIL} taken`])
})

test("an entry set aside holds back the later ones of its subject", async () => {
  answers[MINOXIDIL] = "aside"
  await outbox.add(dose(MINOXIDIL, "taken"))
  await outbox.flush()
  await outbox.add(dose(MINOXIDIL, "skipped"))
  await outbox.flush()

  assert.deepEqual(sent, [`${MINOXIDIL} taken`, `${MINOXIDIL} taken`])
})

test("an entry that failed three times is shown, not before", async () => {
  answers[MINOXIDIL] = "aside"
  await outbox.add(dose(MINOXIDIL))

  const shown = []
  for (let flush = 0; flush < 3; flush += 1) {
    await outbox.flush()
    shown.push((await outbox.entries()).some(needsAttention))
  }
  assert.deepEqual(shown, [false, false, true])
})

test("a refused entry needs attention, in the server's words, and the next one goes on", async () => {
  answers[MINOXIDIL] = { outcome: "refused", reason: "The day is too far ahead." }
  await outbox.add(dose(MINOXIDIL))
  await outbox.add(dose(FINASTERIDE))

  assert.equal(await outbox.flush(), true)
  const [refused, ...others] = await outbox.entries()
  assert.equal(needsAttention(refused), true)
  assert.equal(refused.reason, "The day is too far ahead.")
  assert.deepEqual(others, [])
  assert.deepEqual(sent, [`${MINOXIDIL} taken`, `${FINASTERIDE} taken`])
})

test("a refused entry is not sent again until somebody says so", async () => {
  answers[MINOXIDIL] = "refused"
  const [entry] = await outbox.add(dose(MINOXIDIL))
  await outbox.flush()
  await outbox.flush()
  assert.equal(sent.length, 1)

  answers = {}
  await outbox.retry(entry.id)
  await outbox.flush()
  assert.equal(sent.length, 2)
  assert.deepEqual(await waiting(), [])
})

test("a refused entry gives way to a corrected one", async () => {
  answers[MINOXIDIL] = "refused"
  await outbox.add(dose(MINOXIDIL, "taken"))
  await outbox.flush()

  await outbox.add(dose(MINOXIDIL, "skipped"))
  assert.deepEqual(await waiting(), [`${MINOXIDIL} skipped`])
})

test("a discarded entry is gone, and the page shows what the server knows", async () => {
  const [entry] = await outbox.add(dose(MINOXIDIL))

  await outbox.discard(entry.id)
  assert.deepEqual(await waiting(), [])
  assert.deepEqual(await outbox.news(0), [])
})

test("a page that was read before something was sent still shows it, a later one does not", async () => {
  await outbox.add(dose(MINOXIDIL), dose(FINASTERIDE))
  await outbox.flush()

  const lacking = async (readAt) => (await outbox.news(readAt)).map(({ subject }) => subject)
  assert.deepEqual(await lacking(0), [MINOXIDIL, FINASTERIDE])
  assert.deepEqual(await lacking(2), [FINASTERIDE])
  assert.deepEqual(await lacking(3), [])
})

test("a page lacks what waits, whenever it was read, and never what was refused", async () => {
  answers = { [MINOXIDIL]: "refused", [FINASTERIDE]: "stop" }
  await outbox.add(dose(MINOXIDIL), dose(FINASTERIDE))
  await outbox.flush()

  assert.deepEqual(
    (await outbox.news(Number.MAX_SAFE_INTEGER)).map(({ subject }) => subject),
    [FINASTERIDE],
  )
})

test("what was sent is remembered once for each subject, for a week, without its file", async () => {
  const file = new Blob(["a photo"])
  await outbox.add(dose(MAGNESIUM))
  await outbox.flush()
  now = new Date("2026-11-29T08:00:00Z")
  await outbox.add(dose(MINOXIDIL, "taken"))
  await outbox.flush()
  await outbox.add(dose(MINOXIDIL, "nothing"))
  await outbox.flush()
  const remembered = async () =>
    (await outbox.news(0)).map(({ subject, fields }) => [subject, ...fields.flat()].join(" "))
  assert.deepEqual(await remembered(), [`${MAGNESIUM} status taken`, `${MINOXIDIL} status nothing`])

  now = new Date("2026-12-01T08:00:00Z")
  await outbox.add({ ...dose("photo/1"), fields: [["photo", file]], isLarge: true })
  await outbox.flush()
  assert.deepEqual(await remembered(), [`${MINOXIDIL} status nothing`, "photo/1"])
})

test("a decision is later than the one before of its subject, though the clock went back", async () => {
  const [first] = await outbox.add(dose(MINOXIDIL, "taken"))
  await outbox.flush()
  now = new Date("2026-11-23T07:00:00Z")
  const [second] = await outbox.add(dose(MINOXIDIL, "nothing"))
  const [other] = await outbox.add(dose(FINASTERIDE))

  assert.equal(first.changed_at, "2026-11-23T08:00:00.000Z")
  assert.equal(second.changed_at, "2026-11-23T08:00:00.001Z")
  assert.equal(other.changed_at, "2026-11-23T07:00:00.000Z")
})

for (const [isMoved, instant] of [
  [true, "2026-11-23T11:00:00.000Z"],
  [false, "2026-11-23T08:00:00.000Z"],
]) {
  test(`a clock that was off: what waits is ${isMoved ? "moved" : "left as it was"}, once`, async () => {
    answers[MINOXIDIL] = "stop"
    await outbox.add(dose(MINOXIDIL))
    await outbox.settleClock(3 * 3_600_000, isMoved)
    await outbox.settleClock(3 * 3_600_000, true)

    const [{ changed_at, skew }] = await outbox.entries()
    assert.deepEqual([changed_at, skew], [instant, 3 * 3_600_000])
  })
}

test("who leaves leaves nothing behind", async () => {
  await outbox.add(dose(MINOXIDIL))
  await outbox.flush()
  await outbox.add(dose(FINASTERIDE))

  await outbox.forget()
  assert.deepEqual(await store.all(), [])
})

test("two flushes at once share one", async () => {
  await outbox.add(dose(MINOXIDIL))

  assert.deepEqual(await Promise.all([outbox.flush(), outbox.flush()]), [true, true])
  assert.deepEqual(sent, [`${MINOXIDIL} taken`])
})

test("what is added while a flush ends is sent by it", async () => {
  let isAdded = false
  outbox.addEventListener("change", async () => {
    if (isAdded || (await waiting()).length) return
    isAdded = true
    await outbox.add(dose(FINASTERIDE))
    outbox.flush()
  })
  await outbox.add(dose(MINOXIDIL))

  await outbox.flush()
  assert.deepEqual(sent, [`${MINOXIDIL} taken`, `${FINASTERIDE} taken`])
})

test("an entry that was undone before its turn is never sent", async () => {
  await outbox.add(dose(MINOXIDIL))
  await outbox.add(dose(FINASTERIDE))
  const send = outbox.flush()
  await outbox.add(dose(FINASTERIDE, "nothing"))

  await send
  assert.deepEqual(sent, [`${MINOXIDIL} taken`])
})

test("a flush that breaks does not block the next one", async () => {
  const edit = store.edit
  store.edit = () => Promise.reject(new Error("the disk is gone"))
  await assert.rejects(outbox.flush(), /the disk is gone/)

  store.edit = edit
  assert.equal(await outbox.flush(), true)
})

test("the entries of another account are neither sent nor shown nor touched", async () => {
  const [entry] = await outbox.add(dose(MINOXIDIL, "taken"))
  const other = outboxOf(BOB)

  assert.deepEqual(await other.entries(), [])
  assert.equal(await other.flush(), true)
  await other.add(dose(MINOXIDIL, "nothing"))
  await other.discard(entry.id)
  assert.deepEqual(sent, [])
  assert.deepEqual(await waiting(), [`${MINOXIDIL} taken`])
})
