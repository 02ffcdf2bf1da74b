/**
 * The one outbox of this page: when it is flushed, and how the page follows it. A page tells when
 * the server read it (`readAt`): what was sent later is shown on top of it, by whomever it was
 * sent, until the page is fetched again.
 */
import { deviceId } from "./device.js"
import { EntryStore } from "./entry_store.js"
import { Outbox } from "./outbox.js"
import { overlay } from "./overlay.js"
import { correctedNow, knownSkew, post } from "./post.js"
import { wordAll } from "./relative_time.js"
import { refresh } from "./swap.js"

const BACK_OFF = [5, 15, 60, 300]
const OLD = 60_000
const { account, release } = document.body.dataset
const channel = new BroadcastChannel("outbox")
let changes = 0
let failures = 0
let timer = 0

export const outbox = new Outbox({
  store: new EntryStore(),
  send: post,
  clock: correctedNow,
  about: {
    account,
    release,
    device: deviceId(),
    get skew() {
      return knownSkew()
    },
  },
  lock: (work) => navigator.locks.request("outbox", work),
})

outbox.addEventListener("change", ({ detail }) => {
  if (!detail?.isElsewhere) channel.postMessage(null)
  changes += 1
  // At once if nothing has to be read: the tick is the answer to a tap.
  if (!detail?.entries) return paint()
  overlay(document, detail.entries)
  wordAll()
})

channel.onmessage = () => {
  outbox.dispatchEvent(new CustomEvent("change", { detail: { isElsewhere: true } }))
  followUp()
}

document.addEventListener("content", () => paint())
document.addEventListener("visibilitychange", () => document.hidden || look())
addEventListener("online", look)
addEventListener("pageshow", ({ persisted }) => persisted && look())
paint()
look()

/** Send waiting entries; retry later those that could not be sent, or shown. */
export async function send() {
  clearTimeout(timer)
  await outbox.flush().catch(() => false)
  await followUp()
  const isDone = !outbox.stopped && !(await news()).length
  const wait = Math.max(BACK_OFF[Math.min(failures, 3)], outbox.stopped?.retryAfter ?? 0)
  failures = isDone ? 0 : failures + 1
  clearTimeout(timer)
  if (isDone) return
  timer = setTimeout(send, wait * 1000)
}

/** A worker shows stored pages: fetch an old page again when it becomes visible. */
async function look() {
  const age = correctedNow() - readAt(document) / 1000
  const isOld = navigator.serviceWorker?.controller && age > OLD
  await send()
  if (isOld && !(await news()).length) await refresh(version, complete)
}

/** Once nothing waits, fetch the page again that lacks something. */
async function followUp() {
  const lacking = await news()
  if (lacking.length && lacking.every(({ state }) => state === "sent"))
    await refresh(version, complete)
}

/** A page fetched before the last change knows less than this page shows. */
function version() {
  return changes
}

async function paint() {
  await complete(document)
  wordAll()
}

/** Never replace a page that has shown a change by one read before it. */
async function complete(page) {
  const before = changes
  const entries = await outbox.news(0)
  if (page !== document || changes === before) overlay(page, entries)
}

function news(page = document) {
  return outbox.news(readAt(page))
}

function readAt({ body }) {
  return Number(body.dataset.readAt)
}
