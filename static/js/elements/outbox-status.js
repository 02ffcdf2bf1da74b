import { needsAttention } from "../lib/outbox.js"
import { outbox, send } from "../lib/page_outbox.js"

const PATIENCE = 1000
const UNAUTHORISED = 401

/**
 * <outbox-status hidden data-sign-in="/sign-in"> says what has waited for a second, and what
 * was refused, in the server's words. Before `<form data-sign-out>` loses something, it asks.
 */
class OutboxStatus extends HTMLElement {
  #timer = 0

  connectedCallback() {
    this.role = "status"
    outbox.addEventListener("change", this.#changed)
    document.addEventListener("submit", this.#signingOut)
    this.#changed()
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
    outbox.removeEventListener("change", this.#changed)
    document.removeEventListener("submit", this.#signingOut)
  }

  // Events

  #changed = async () => {
    const entries = await outbox.entries()
    clearTimeout(this.#timer)
    const isQuick = this.hidden && !entries.some(needsAttention)
    if (isQuick && entries.length) this.#timer = setTimeout(this.#show, PATIENCE)
    else this.#show()
  }

  #show = async () => {
    const entries = await outbox.entries()
    const refused = entries.filter(needsAttention)
    const waiting = entries.length - refused.length
    this.replaceChildren(...refused.map(refusal), ...(waiting ? [this.#pill(waiting)] : []))
    this.hidden = entries.length === 0
  }

  #signingOut = (event) => {
    if (!event.target.matches("form[data-sign-out]")) return
    event.preventDefault()
    leave(event.target)
  }

  // Private

  #pill(waiting) {
    const isSignedOut = outbox.stopped?.status === UNAUTHORISED && this.dataset.signIn
    const pill = make(isSignedOut ? "a" : "span", "pill")
    if (isSignedOut) pill.href = this.dataset.signIn
    const state = navigator.onLine ? `${waiting} waiting` : `Offline: ${waiting} waiting`
    pill.textContent = isSignedOut ? `Sign in to send ${waiting}` : state
    return pill
  }
}

function refusal({ id, label, reason }) {
  const banner = make("div", "banner banner--warn refusal")
  const said = make("p", "refusal__said")
  said.append(make("b", "", label), ` ${reason || "The server failed three times."}`)
  const actions = make("div", "banner__actions")
  const retry = make("button", "button button--soft", "Retry")
  const discard = make("button", "button button--quiet", "Discard")
  retry.onclick = () => outbox.retry(id).then(send)
  discard.onclick = () => outbox.discard(id)
  actions.append(retry, discard)
  banner.append(said, actions)
  return banner
}

function make(tag, className, text = "") {
  const element = document.createElement(tag)
  if (tag === "button") element.type = "button"
  if (className) element.className = className
  element.textContent = text
  return element
}

/** Sign out once nothing waits, or once the person says that it may be lost. */
async function leave(form) {
  await Promise.race([outbox.flush(), new Promise((resolve) => setTimeout(resolve, 3 * PATIENCE))])
  const left = await outbox.entries()
  const question = `${left.length} not sent yet. Sign out and lose what was not sent?`
  if (left.length && !confirm(question)) return
  for (const { id } of left) await outbox.discard(id)
  form.submit()
}

customElements.define("outbox-status", OutboxStatus)
