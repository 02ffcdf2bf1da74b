/**
 * The page's entry point, and all of it that loads before `load`.
 *
 * Each element is defined once its tag is on the page: after `load`, or at the first tap
 * that needs it; that tap is held until then and repeated, so that none is lost.
 */
const root = document.documentElement
const outboxWorks =
  isSecureContext && "indexedDB" in self && "locks" in navigator && "randomUUID" in crypto
const OUTBOX = new Set(["outbox-form", "outbox-status", "undo-toast", "app-worker"])
const EARLY = [
  ["submit", "outbox-form", "outbox-form", (form, button) => form.requestSubmit(button)],
  [
    "change",
    "outbox-form[autosubmit]",
    "outbox-form",
    (field) => field.dispatchEvent(new Event("change", { bubbles: true })),
  ],
  [
    "change",
    "auto-save",
    "auto-save",
    (field) => field.dispatchEvent(new Event("change", { bubbles: true })),
  ],
  ["click", "a[data-sheet]", "sheet-host", (target) => target.closest("a").click()],
]
const lost = new Set()
const asked = new Map()

// Without the outbox (plain http on a home network) forms stay as the server made them.
if (outboxWorks) root.dataset.js = ""

for (const [type, ...needs] of EARLY) {
  document.addEventListener(type, (event) => hold(event, ...needs), true)
}
document.addEventListener("content", defineAll)
if (document.readyState === "complete") setTimeout(defineAll)
else addEventListener("load", () => setTimeout(defineAll))

function hold(event, selector, tag, repeat) {
  const { target, submitter } = event
  const isAside = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button
  const isReady = customElements.get(tag) || lost.has(tag) || !isUsable(tag)
  if (isAside || isReady || !target.closest?.(selector)) return
  event.preventDefault()
  event.stopImmediatePropagation()
  define(tag).finally(() => repeat(target, submitter))
}

function defineAll() {
  for (const { localName } of document.querySelectorAll(":not(:defined)")) {
    if (isUsable(localName)) define(localName)
  }
  if (document.querySelector("[data-due-at]")) import("./lib/relative_time.js")
}

/** Give up on an element that cannot be loaded: its form or link works without it. */
function define(tag) {
  const module = asked.get(tag) ?? import(`./elements/${tag}.js`).catch(() => giveUp(tag))
  asked.set(tag, module)
  return module
}

function giveUp(tag) {
  lost.add(tag)
  if (OUTBOX.has(tag) || tag === "auto-save") delete root.dataset.js
}

function isUsable(tag) {
  return outboxWorks || !OUTBOX.has(tag)
}
