/** The one place where text becomes HTML or a worker: pages of our own server, parsed and taken apart. */
const policy = self.trustedTypes?.createPolicy("app", {
  createHTML: (html) => html,
  createScriptURL: (url) => url,
})
const TYPING = "input, textarea, select, [contenteditable]"
const FIELDS = "#main :is(input:not([type=hidden]), textarea, select)"
const FOCUSABLE = "a[href], button, input:not([type=hidden]), textarea, summary"
let isPressed = false
let wanted = null

addEventListener("pointerdown", () => press(true), true)
for (const type of ["pointerup", "pointercancel"]) {
  addEventListener(type, () => setTimeout(press, 50, false), true)
}
for (const type of ["focusout", "close"]) {
  document.addEventListener(type, () => setTimeout(resume), true)
}

/** The worker's address, the only one ever passed here. */
export function workerAddress(url) {
  return policy ? policy.createScriptURL(url) : url
}

export function parse(html) {
  const trusted = policy ? policy.createHTML(html) : html
  return new DOMParser().parseFromString(trusted, "text/html")
}

/** Fetch a page; `{ response, page }`. Rejects when there is none. */
export async function fetchPage(url, options = {}) {
  const response = await fetch(url, {
    headers: { Accept: "text/html" },
    cache: "no-store",
    signal: AbortSignal.timeout(10_000),
    ...options,
  })
  return { response, page: parse(await response.text()) }
}

/** Tell the page that HTML was put into it. */
export function announceContent() {
  document.dispatchEvent(new Event("content"))
}

/**
 * Fetch this address again and swap <main>, once `complete(page)` has put on it what it lacks,
 * unless `version()` changes meanwhile. Never under a finger, while something typed is not saved, while a
 * sheet is open or an element says `data-busy`: then as soon as it is over.
 */
export async function refresh(version, complete) {
  const asked = { version, complete }
  wanted = asked
  if (isBusy()) return
  const started = version()
  const { response, page } = await fetchPage(location.href).catch(() => ({}))
  const main = page?.getElementById("main")
  const isNews = response?.ok && !response.redirected && main && isNewer(page.body)
  if (isNews) await complete(page)
  if (wanted !== asked || isBusy()) return
  wanted = null
  if (!isNews || version() !== started || !isNewer(page.body)) return
  // First the page's own state: "content" overlays only what it lacks.
  Object.assign(document.body.dataset, page.body.dataset)
  swap(document.adoptNode(main))
}

function swap(main) {
  const old = document.getElementById("main")
  const { scrollX, scrollY } = self
  const focused = document.activeElement
  for (const { id } of old.querySelectorAll("details[id][open]")) {
    main.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "")
  }
  // Finished groups fold with the next page, never under the finger.
  for (const { id } of main.querySelectorAll("details.group[id]:not([open])")) {
    const name = `#${CSS.escape(id)}`
    if (old.querySelector(`${name}:not(details)`)) main.querySelector(name).open = true
  }
  old.replaceWith(main)
  scrollTo({ left: scrollX, top: scrollY, behavior: "instant" })
  if (old.contains(focused)) findAgain(focused, old, main)?.focus({ preventScroll: true })
  announceContent()
}

/** The element that replaced another one: by its id, else by its place in its parent. */
function findAgain(element, old, main) {
  for (let each = element; each !== old; each = each.parentElement) {
    const { id, dataset } = each
    const name = id ? `#${CSS.escape(id)}` : `[data-subject="${CSS.escape(dataset.subject)}"]`
    const found = (id || dataset.subject) && main.querySelector(name)
    if (found) return found.matches(FOCUSABLE) ? found : found.querySelector(FOCUSABLE)
  }
  return element === old ? main : null
}

/** Read later, for the same person, program and day: a new day is turned to by hand only. */
function isNewer({ dataset }) {
  const here = document.body.dataset
  const isSamePlace = ["account", "release", "today"].every((name) => dataset[name] === here[name])
  return isSamePlace && Number(dataset.readAt) > Number(here.readAt)
}

function isBusy() {
  return (
    isPressed ||
    document.activeElement?.matches(TYPING) ||
    document.querySelector("dialog[open], [data-busy]") !== null ||
    [...document.querySelectorAll(FIELDS)].some(isTypedIn)
  )
}

/** Whether a field holds input that only this page knows; the outbox stores queued input. */
function isTypedIn(field) {
  if (field.closest("[data-subject], [data-stored]")) return false
  if (field.type === "checkbox" || field.type === "radio")
    return field.checked !== field.defaultChecked
  if (!field.options) return field.value !== field.defaultValue
  const preset = [...field.options].findLast(({ defaultSelected }) => defaultSelected)
  return field.value !== (preset ?? field.options[0])?.value
}

function press(isDown) {
  isPressed = isDown
  if (!isDown) resume()
}

function resume() {
  if (wanted && !isBusy()) refresh(wanted.version, wanted.complete)
}
