import { remember, TIMER } from "../lib/device.js"
import { button, make } from "../lib/make.js"
import { needsAttention } from "../lib/outbox.js"
import { outbox, send } from "../lib/page_outbox.js"
import { reasonOf } from "../lib/reasons.js"
import { say } from "../lib/words.js"

const PATIENCE = 1000
const HOUR = 3_600_000
const UNAUTHORISED = 401

/**
 * <outbox-status hidden data-sign-in="/sign-in" data-list="/waiting" data-icon="…#cloud"> says
 * that there is no network, what has waited for a second, and what was refused, in the server's
 * words. Before `<form data-sign-out="/sign-in">` loses something, it asks; then nothing of a person stays on the device, network or not. It never leaves the page.
 */
class OutboxStatus extends HTMLElement {
  #timer = 0

  connectedCallback() {
    this.role = "status"
    outbox.addEventListener("change", this.#changed)
    document.addEventListener("submit", this.#signingOut)
    document.addEventListener("unkept", this.#unkept)
    for (const type of ["online", "offline"]) addEventListener(type, this.#changed)
    this.#changed()
  }

  // Events

  #changed = async () => {
    const entries = await outbox.entries()
    clearTimeout(this.#timer)
    const isQuick = this.hidden && !entries.some(needsAttention) && !outbox.stopped?.clockOff
    if (isQuick && (entries.length || !navigator.onLine))
      this.#timer = setTimeout(this.#show, PATIENCE)
    else this.#show()
  }

  #show = async () => {
    const entries = await outbox.entries()
    const refused = entries.filter(needsAttention)
    const waiting = entries.length - refused.length
    const off = waiting && outbox.stopped?.clockOff
    this.replaceChildren(
      ...refused.map(refusal),
      ...(off ? [clockQuestion(off)] : []),
      ...(waiting || !navigator.onLine ? [this.#pill(waiting)] : []),
    )
    this.hidden = this.childElementCount === 0
  }

  #unkept = () => {
    const banner = make("div", "banner banner--warn refusal")
    banner.append(make("p", "refusal__said", say("device_full")))
    this.append(banner)
    this.hidden = false
  }

  #signingOut = (event) => {
    if (!event.target.matches("form[data-sign-out]")) return
    event.preventDefault()
    leave(event.target)
  }

  // Private

  #pill(waiting) {
    const isSignedOut = outbox.stopped?.status === UNAUTHORISED && this.dataset.signIn
    const pill = make("a", "pill")
    pill.href = isSignedOut ? this.dataset.signIn : this.dataset.list
    const offline = waiting ? "offline_waiting" : "offline"
    const state = navigator.onLine ? "waiting" : offline
    const words = say(isSignedOut ? "sign_in_to_send" : state, { n: waiting })
    pill.append(cloud(this.dataset.icon), words)
    return pill
  }
}

function cloud(address) {
  const [svg, use] = ["svg", "use"].map((tag) =>
    document.createElementNS("http://www.w3.org/2000/svg", tag),
  )
  svg.classList.add("icon")
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("aria-hidden", "true")
  use.setAttribute("href", address)
  svg.append(use)
  return svg
}

function refusal(entry) {
  const { id, label, name, reason, asks } = entry
  if (asks) {
    return question(`${name ?? label}:`, reason, {
      [say("log_anyway")]: () => outbox.confirm(entry).then(send),
      [say("log_not")]: () => outbox.discard(id),
    })
  }
  return question(label, reasonOf(entry), {
    [say("retry")]: () => outbox.retry(id).then(send),
    [say("discard")]: () => outbox.discard(id),
  })
}

/** Ask about a clock that is `off` by so many milliseconds, before using or correcting its times. */
function clockQuestion(off) {
  const hours = `${Math.round(Math.abs(off) / HOUR) || 1}\u00a0h`
  const [where, move] = off > 0 ? ["clock_behind", "move_later"] : ["clock_ahead", "move_earlier"]
  const settle = (isMoved) => () => outbox.settleClock(off, isMoved).then(send)
  return question("", say(where, { hours }), {
    [say(move, { hours })]: settle(true),
    [say("leave_it")]: settle(false),
  })
}

function question(subject, words, answers) {
  const banner = make("div", "banner banner--warn refusal")
  const said = make("p", "refusal__said")
  said.append(...(subject ? [make("b", "", subject), " "] : []), words)
  const actions = make("div", "banner__actions")
  Object.entries(answers).forEach(([name, act], place) => {
    actions.append(button(name, `button button--${place ? "quiet" : "soft"}`, act))
  })
  banner.append(said, actions)
  return banner
}

/** Sign out once nothing waits, or once the person says that it may be lost. */
async function leave(form) {
  await Promise.race([outbox.flush(), new Promise((resolve) => setTimeout(resolve, 3 * PATIENCE))])
  const left = await outbox.entries()
  if (left.length && !confirm(say("leaving", { n: left.length }))) return
  const worker = navigator.serviceWorker?.controller
  navigator.clearAppBadge?.().catch(() => {})
  const told = await fetch(form.action, { method: "POST", redirect: "manual" }).catch(() => null)
  await outbox.forget()
  remember(TIMER, null)
  if (told) return location.assign(form.dataset.signOut)
  // No network: the worker deletes its pages now, and signs out on the server at the next contact.
  await forget(worker, form.action)
  location.assign(form.dataset.signOut)
}

function forget(worker, signOut) {
  if (!worker) return null
  const { port1, port2 } = new MessageChannel()
  worker.postMessage({ kind: "leave", signOut }, [port2])
  return new Promise((resolve) => (port1.onmessage = resolve))
}

customElements.define("outbox-status", OutboxStatus)
