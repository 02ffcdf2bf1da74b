import { workerAddress } from "../lib/swap.js"

const HOUR = 3_600_000
const { account, release, regimenVersion, today } = document.body.dataset

/**
 * <app-worker hidden data-src="/service-worker.js" data-scope="/"> starts the worker, tells it
 * what to keep, and says when a new version is there: it is activated when the person asks for it, never
 * under a finger. Queued entries go to the browser's Background Sync if it has one.
 */
class AppWorker extends HTMLElement {
  #registration = null

  async connectedCallback() {
    if (!navigator.serviceWorker || this.#registration) return
    const { src, scope } = this.dataset
    const options = { scope, type: "module", updateViaCache: "none" }
    try {
      this.#registration = await navigator.serviceWorker.register(workerAddress(src), options)
    } catch {
      // A browser without it works as before.
    }
    if (!this.#registration) return
    this.#registration.addEventListener("updatefound", this.#found)
    document.addEventListener("queued", this.#queued)
    document.addEventListener("content", badge)
    document.addEventListener("content", this.#tidy)
    badge()
    this.#tidy()
    document.addEventListener("visibilitychange", this.#look)
    setInterval(this.#look, HOUR)
    this.querySelector("button").addEventListener("click", this.#reload)
    this.#offer()
    const { active } = await navigator.serviceWorker.ready
    const edition = `${release}.${regimenVersion}.${today}.${document.documentElement.lang}`
    if (account) active.postMessage({ kind: "keep", account, edition })
  }

  // Events

  #found = () => {
    const { installing } = this.#registration
    installing?.addEventListener("statechange", this.#offer)
  }

  /** Only if an older one is active: the first worker is not news. */
  #offer = () => {
    this.hidden = !(this.#registration.waiting && navigator.serviceWorker.controller)
  }

  #reload = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
      once: true,
    })
    this.#registration.waiting?.postMessage({ kind: "skip" })
  }

  #look = () => {
    if (!document.hidden) this.#registration.update().catch(() => {})
  }

  /** Take away the reminders of doses that were answered since, here or on another device. */
  #tidy = async () => {
    const shown = (await this.#registration.getNotifications?.()) ?? []
    for (const notification of shown) {
      const { on, doses = [] } = notification.data ?? {}
      const subjects = doses.map(([item, at]) => `dose/${item}/${on}/${at}`).filter(isOnPage)
      if (subjects.length && !subjects.some(isOpen)) notification.close()
    }
  }

  /** Ask the browser to persist waiting entries; it may evict other things. */
  #queued = () => {
    this.#registration.sync?.register("outbox").catch(() => {})
    navigator.storage?.persist?.().catch(() => {})
    setTimeout(badge, 100)
  }
}

function isOnPage(subject) {
  return Boolean(document.querySelector(`[data-subject="${subject}"]`))
}

function isOpen(subject) {
  return Boolean(document.querySelector(`[data-subject="${subject}"][data-status="waiting"]`))
}

/** Show the number of open doses on the app's icon, if the system can. */
function badge() {
  const left = document.querySelector("[data-to-go]")
  if (left) navigator.setAppBadge?.(left.hidden ? 0 : Number(left.textContent)).catch(() => {})
}

customElements.define("app-worker", AppWorker)
