/**
 * <push-device data-key data-subscribe data-test> turns reminders on for this browser, and shows
 * the one part of its contents that is true here (`data-state`): ask, off, denied, install,
 * insecure or unsupported. With `data-on` the server knows this browser already.
 *
 * `[data-turn-on]` subscribes; `[data-send-test]` has the server send a notification and waits for
 * the worker to say that it was shown. `[data-word]` has what is said of it.
 */
const PATIENCE = 15_000
const ARRIVES_WITHIN = 10_000
const channel = new BroadcastChannel("reminders")

class PushDevice extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#clicked)
    this.#show(this.#state)
    if (this.#state === "on") this.#keep()
  }

  get #state() {
    if (!isSecureContext) return "insecure"
    const isApple = /iPhone|iPad/.test(navigator.userAgent) || navigator.standalone === false
    if (!("PushManager" in self)) return isApple ? "install" : "unsupported"
    if (Notification.permission === "denied") return "denied"
    if ("on" in this.dataset) return "on"
    return this.querySelector(".health") ? "off" : "ask"
  }

  #show(state) {
    for (const part of this.querySelectorAll("[data-state]")) {
      part.hidden = part.dataset.state !== state
    }
    const test = this.querySelector("[data-send-test]")
    if (test) test.hidden = state !== "on"
  }

  #clicked = async ({ target }) => {
    const button = target.closest("button")
    if (!button || button.disabled) return
    button.disabled = true
    if ("turnOn" in button.dataset) await this.#turnOn()
    if ("sendTest" in button.dataset) await this.#test()
    button.disabled = false
  }

  async #turnOn() {
    this.#fail("")
    if ((await Notification.requestPermission()) !== "granted") return this.#show("denied")
    try {
      await within(PATIENCE, subscribe(this.dataset))
      location.reload()
    } catch (error) {
      this.#fail(error.sentence ?? this.#word(error.isLate ? "slow" : "failed"))
    }
  }

  /** The browser may have another subscription than the server knows: tell it again. */
  async #keep() {
    await within(PATIENCE, subscribe(this.dataset)).catch(() => {})
  }

  async #test() {
    this.#say(this.#word("sending"))
    const shown = new Set()
    const note = ({ data }) => shown.add(data)
    channel.addEventListener("message", note)
    try {
      const answer = await fetch(this.dataset.test, { method: "POST" })
      const { delivery, sentence } = await answer.json()
      const until = Date.now() + ARRIVES_WITHIN
      while (!sentence && !shown.has(delivery) && Date.now() < until) await pause(100)
      this.#say(sentence || this.#word(shown.has(delivery) ? "arrived" : "lost"))
    } catch {
      this.#say(this.#word("failed"))
    }
    channel.removeEventListener("message", note)
  }

  #word(name) {
    return this.querySelector(`[data-word="${name}"]`).textContent
  }

  #say(sentence) {
    this.querySelector("[data-says]").textContent = sentence
  }

  #fail(sentence) {
    const place = this.querySelector("[data-trouble]")
    place.textContent = sentence
    place.hidden = !sentence
  }
}

/** Subscribe with the server's key, anew if it has changed, and tell the server. */
async function subscribe({ key, subscribe: address }) {
  const { pushManager } = await navigator.serviceWorker.ready
  const before = await pushManager.getSubscription()
  const isOurs = before && encoded(before.options.applicationServerKey) === key
  if (before && !isOurs) await before.unsubscribe()
  const subscription = isOurs
    ? before
    : await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  const { endpoint, keys } = subscription.toJSON()
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }),
  })
  if (answer.ok) return
  const { sentence } = await answer.json().catch(() => ({}))
  throw Object.assign(new Error("refused"), { sentence })
}

function encoded(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer))
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}

function within(milliseconds, promise) {
  const late = Object.assign(new Error("late"), { isLate: true })
  return Promise.race([promise, pause(milliseconds).then(() => Promise.reject(late))])
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

customElements.define("push-device", PushDevice)
