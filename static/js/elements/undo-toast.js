import { fieldOf } from "../lib/outbox.js"
import { outbox, send } from "../lib/page_outbox.js"
import { say } from "../lib/words.js"

const SHOWN_FOR = 6000
const ANSWERED = new Set(["taken", "skipped", "extra"])
const IDENTITY = ["due_on", "due_time", "id", "time_zone"]

/**
 * <undo-toast hidden> offers, for six seconds after a dose is logged, to take it back. What was
 * answered before and only changed is said, and not offered: taking it back would lose more.
 * It holds a button and `.toast__text`; a finger, pointer or focus on it stops the clock.
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
    const isSkipped = fieldOf(first, "status") === "skipped"
    const isOne = this.#entries.length === 1
    this.querySelector("button").hidden = this.#entries.some(({ before }) => ANSWERED.has(before))
    const said = (dose) => say(isSkipped ? "dose_skipped" : "dose_taken", { dose })
    const many = isSkipped ? "doses_skipped" : "doses_taken"
    this.#say(isOne ? said(first.label) : say(many, { n: this.#entries.length }))
    // Where it is narrow, "0.5 mL (25 mg)" is 0.5 mL; the amount is left out last.
    const shorter = isOne ? [first.label.replace(/ \([^)]*\)$/, ""), first.name] : []
    for (const dose of shorter) if (this.#isCut()) this.#say(said(dose))
    this.#start()
  }

  #undo = async () => {
    this.hidden = true
    await outbox.add(...this.#entries.map(undoOf))
    send()
  }

  #say(words) {
    this.querySelector(".toast__text").textContent = words
  }

  #isCut() {
    const { scrollWidth, clientWidth } = this.querySelector(".toast__text")
    return scrollWidth > clientWidth
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

function undoOf({ id, subject, label, name, action, fields, before }) {
  const identity = fields.filter(([name]) => IDENTITY.includes(name))
  return {
    subject,
    label,
    name,
    action,
    before,
    undoes: id,
    fields: [...identity, ["status", "nothing"], ["undoes", id]],
  }
}

customElements.define("undo-toast", UndoToast)
