import {
  draftOf,
  draftOfAnswer,
  draftsOfAll,
  draftsOfParts,
  fill,
  keepTime,
} from "../lib/drafts.js"
import { leaveOf } from "../lib/limits.js"
import { outbox, send } from "../lib/page_outbox.js"
import { isServerThere } from "../lib/post.js"
import { reasonOf } from "../lib/reasons.js"

const DOUBLE_TAP = 500
const PATIENCE = 800
const SAVED_FOR = 2500
let answers = 0
let saved = { at: Number.NEGATIVE_INFINITY }

/**
 * <outbox-form subject="dose/…" data-label="…"> gives its form to the outbox.
 *
 * `autosubmit`: a changed answer inside `[data-subject]` goes at once, as its own entry.
 * `all="id"`: takes every open dose in that element. `parts`: each changed `[data-subject]` of the
 * form is an entry. Without `subject`: something new.
 * Events: `queued` with the entries once stored, `done` when a sheet may close. What cannot be
 * stored is submitted natively.
 */
class OutboxForm extends HTMLElement {
  #isNative = false
  #tappedAt = Number.NEGATIVE_INFINITY

  connectedCallback() {
    this.addEventListener("submit", this.#submitted)
    this.addEventListener("input", () => delete this.dataset.stored)
    if (this.hasAttribute("autosubmit")) this.addEventListener("change", this.#changed)
    this.#fill()
    // The page was fetched again since then: keep showing the notice.
    if (performance.now() - saved.at < SAVED_FOR) this.#tellSaved(saved.action)
  }

  // Events

  #submitted = async (event) => {
    const group = document.getElementById(this.getAttribute("all"))
    const isOurs = event.target.method === "post" && (group || !this.hasAttribute("all"))
    if (this.#isNative || !isOurs) return
    event.preventDefault()
    const isDouble = event.timeStamp - this.#tappedAt < DOUBLE_TAP
    this.#tappedAt = event.timeStamp
    if (isDouble) return
    const { target: form, submitter } = event
    const extra = this.hasAttribute("data-asks") ? await leaveOf(this, form) : []
    if (!extra) return
    const drafts = this.#drafts(group, form, submitter, extra)
    const entries = await this.#queue(drafts, form, submitter)
    if (!entries) return
    // Its contents are stored: the page may be swapped again, until more is typed.
    this.dataset.stored = ""
    await this.#finish(entries, form)
  }

  #changed = async ({ target }) => {
    const part = target.closest("[data-subject]")
    if (!part || !target.name) return
    const answer = String(++answers)
    part.dataset.answering = answer
    const entries = await this.#queue([draftOfAnswer(part, target)], target.form)
    if (part.dataset.answering === answer) delete part.dataset.answering
    if (entries) {
      saved = { at: performance.now(), action: target.form.getAttribute("action") }
      this.#tellSaved(saved.action)
    } else takeBack(part)
    outbox.dispatchEvent(new Event("change"))
  }

  // Private

  /** Show the waiting entry of this subject, or the one that the address names. */
  async #fill() {
    const form = this.querySelector("form")
    const field = form?.querySelector("input:not([type=hidden]), textarea, select")
    if (!field || ["all", "parts", "autosubmit"].some((name) => this.hasAttribute(name))) return
    const subject = this.getAttribute("subject")
    const entry = (await outbox.entries()).findLast((each) =>
      subject
        ? each.subject === subject
        : location.hash === `#entry-${each.id}` && each.action === form.getAttribute("action"),
    )
    if (!entry) return this.#keepTime(form, subject)
    this.setAttribute("subject", entry.subject)
    fill(form, entry)
    keepTime(form, entry)
  }

  /** A sheet fetched before its dose was sent does not know the time of the dose. */
  async #keepTime(form, subject) {
    const { readAt } = (this.closest("[data-read-at]") ?? document.body).dataset
    const sent = (await outbox.news(Number(readAt))).findLast((each) => each.subject === subject)
    if (subject && sent) keepTime(form, sent)
  }

  /** Say "Saved" in the head of what holds the form, if it has a place for it. */
  #tellSaved(action) {
    const place = this.parentElement?.querySelector("[data-saved]")
    if (!place || this.querySelector("form").getAttribute("action") !== action) return
    const words = document.createElement("span")
    words.textContent = place.dataset.saved
    place.replaceChildren(words)
  }

  #drafts(group, form, submitter, extra) {
    if (group) return draftsOfAll(group, form)
    if (this.hasAttribute("parts")) return draftsOfParts(this, form, submitter)
    return [draftOf(this, form, submitter, extra)]
  }

  /** Store first, then show: the entries, or null when the browser submits instead, if it can. */
  async #queue(drafts, form, submitter) {
    let entries
    try {
      entries = await outbox.add(...drafts)
    } catch {
      if (await isServerThere()) {
        this.#isNative = true
        form.requestSubmit(submitter)
        this.#isNative = false
      } else this.dispatchEvent(new Event("unkept", { bubbles: true }))
      return null
    }
    this.dispatchEvent(new CustomEvent("queued", { bubbles: true, detail: { entries } }))
    send()
    return entries
  }

  /** A sheet, or its page, waits a moment for a refusal to show; then it closes. */
  async #finish(entries, form) {
    const sheet = this.closest("[data-sheet-content]")
    if (!sheet) return
    await Promise.race([outbox.flush(), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    // Closed by hand meanwhile: nothing is left to close, and the page shows a refusal.
    if (!this.isConnected) return
    const ids = new Set(entries.map(({ id }) => id))
    const refused = (await outbox.entries()).find(
      ({ id, state }) => ids.has(id) && state === "refused",
    )
    if (refused && !refused.asks) {
      delete this.dataset.stored
      complain(form, reasonOf(refused))
      await outbox.discard(refused.id)
    } else if (this.closest("dialog")) this.dispatchEvent(new Event("done", { bubbles: true }))
    else document.querySelector("#main a[data-close], #main a.back")?.click()
  }
}

/** Stop showing an answer that could not be stored. */
function takeBack(part) {
  for (const field of part.querySelectorAll("input")) field.checked = field.defaultChecked
  delete part.dataset.shown
}

function complain(form, sentence) {
  form.querySelector(".error-summary")?.remove()
  const alert = document.createElement("p")
  alert.className = "error-summary"
  alert.role = "alert"
  alert.textContent = sentence
  form.prepend(alert)
  alert.scrollIntoView({ block: "nearest" })
}

customElements.define("outbox-form", OutboxForm)
