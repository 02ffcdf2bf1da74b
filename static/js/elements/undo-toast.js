import { fieldOf } from "../lib/outbox.js"
import { outbox, send } from "../lib/page_outbox.js"

const SHOWN_FOR = 6000
const IDENTITY = ["due_on", "due_time", "id", "time_zone"]

/**
 * <undo-toast hidden> offers, for six seconds after a dose is logged, to take it back.
 * It holds `.toast__text` and a button; a finger, pointer or focus on it stops the clock.
 */
class UndoToast extends HTMLElement {
  #entries = []
  #timer = 0

  connectedCallback() {
    document.addEventListener("queued", this.#queued)
    this.querySelector("button").addEventListener("click", this.#undo)
    for (const type of ["pointerenter", "focusin"]) this.addEventListener(type, this.#pause)
    for (const type of ["pointerleave", "focusout"]) this.addEventListener(type, this.#start)
  }

  // Events

  #queued = ({ detail: { entries } }) => {
    this.#entries = entries.filter(isDose)
    const [first] = this.#entries
    this.hidden = !first
    if (!first) return
    const what = this.#entries.length === 1 ? first.label : `${this.#entries.length} doses`
    this.querySelector(".toast__text").textContent = `${what} ${fieldOf(first, "status")}.`
    this.#start()
  }

  #undo = async () => {
    this.hidden = true
    await outbox.add(...this.#entries.map(undoOf))
    send()
  }

  #pause = () => clearTimeout(this.#timer)

  #start = () => {
    this.#pause()
    if (this.matches(":hover, :focus-within")) return
    this.#timer = setTimeout(() => {
      this.hidden = true
    }, SHOWN_FOR)
  }
}

function isDose(entry) {
  return entry.subject.startsWith("dose/") && fieldOf(entry, "status") !== "nothing"
}

function undoOf({ id, subject, label, action, fields, before }) {
  const identity = fields.filter(([name]) => IDENTITY.includes(name))
  return {
    subject,
    label,
    action,
    before,
    undoes: id,
    fields: [...identity, ["status", "nothing"]],
  }
}

customElements.define("undo-toast", UndoToast)
