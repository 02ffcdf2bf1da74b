/** The one outbox of this page: when it is flushed, and how the page follows it. */
import { deviceId } from "./device.js"
import { EntryStore } from "./entry_store.js"
import { Outbox } from "./outbox.js"
import { overlay } from "./overlay.js"
import { correctedNow, post } from "./post.js"
import { wordAll } from "./relative_time.js"
import { refresh } from "./swap.js"

const BACK_OFF = [5, 15, 60, 300]
const { account, release } = document.body.dataset
const channel = new BroadcastChannel("outbox")
let changes = 0
let hasSent = false
let failures = 0
let timer = 0

export const outbox = new Outbox({
  store: new EntryStore(),
  send: post,
  clock: correctedNow,
  about: { account, release, device: deviceId() },
  lock: (work) => navigator.locks.request("outbox", work),
})

outbox.addEventListener("change", ({ detail }) => {
  if (!detail.isElsewhere) channel.postMessage(detail)
  changes += 1
  hasSent ||= detail.sent.length > 0
  paint(detail)
})

channel.onmessage = async ({ data }) => {
  outbox.dispatchEvent(new CustomEvent("change", { detail: { ...data, isElsewhere: true } }))
  if (hasSent) await followUp(!(await entriesIn("waiting", "aside")).length)
}

document.addEventListener("content", () => paint())
document.addEventListener("visibilitychange", () => document.hidden || send())
addEventListener("online", () => send())
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return
  hasSent = true
  send()
})
paint()
send()

/** Flush, then fetch the page again when nothing waits, or try again later. */
export async function send() {
  clearTimeout(timer)
  await followUp(await outbox.flush().catch(() => false))
  if (!outbox.stopped && !(await entriesIn("aside")).length) {
    failures = 0
    return
  }
  const wait = Math.max(BACK_OFF[Math.min(failures, 3)], outbox.stopped?.retryAfter ?? 0)
  failures += 1
  clearTimeout(timer)
  timer = setTimeout(send, wait * 1000)
}

async function followUp(nothingWaits) {
  if (!nothingWaits || !hasSent) return
  hasSent = false
  await refresh(version)
}

/** What was fetched before the last change knows less than this page shows. */
function version() {
  return changes
}

async function paint(detail) {
  overlay(document, await entriesIn("waiting", "aside"), detail)
  wordAll()
}

async function entriesIn(...states) {
  return (await outbox.entries()).filter(({ state }) => states.includes(state))
}
