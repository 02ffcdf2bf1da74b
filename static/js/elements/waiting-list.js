import { button, make } from "../lib/make.js"
import { fieldOf } from "../lib/outbox.js"
import { outbox, send } from "../lib/page_outbox.js"
import { reasonOf } from "../lib/reasons.js"
import { dateFormat, say } from "../lib/words.js"

const A_DAY = 86_400_000
const STATUSES = { taken: "state_taken", skipped: "skipped", nothing: "state_undone" }

/**
 * <waiting-list> lists what waits on this device, in plain words, with what the server said
 * against it: try again, edit, discard, or save everything as a file. What is shown when nothing waits
 * stands in it from the start; `data-old` warns of what has waited for a day.
 */
class WaitingList extends HTMLElement {
  #nothing = [...this.childNodes]

  connectedCallback() {
    outbox.addEventListener("change", this.#show)
    this.#show()
  }

  disconnectedCallback() {
    outbox.removeEventListener("change", this.#show)
  }

  #show = async () => {
    const entries = await outbox.entries()
    if (!entries.length) return this.replaceChildren(...this.#nothing)
    const list = make("ul", "card rows")
    list.append(...entries.map(lineOf))
    const buttons = make("div", "buttons")
    buttons.append(
      button(say("send_now"), "button", () => this.#send()),
      button(say("save_as_file"), "button button--soft", () => save(entries)),
    )
    const old = entries.some(({ changed_at }) => Date.now() - Date.parse(changed_at) > A_DAY)
    const warning = old ? [make("p", "banner banner--warn", this.dataset.old)] : []
    this.replaceChildren(...warning, list, buttons)
  }

  /** Say that a try reached no server; it is repeated automatically. */
  async #send() {
    await send()
    const isCut = outbox.stopped && !outbox.stopped.status
    if (!isCut || !this.isConnected) return
    this.querySelector("[role=alert]")?.remove()
    const said = make("p", "waiting__said", say("no_connection"))
    said.role = "alert"
    this.querySelector(".buttons").append(said)
  }
}

function lineOf(entry) {
  const { id, label, state, changed_at, page, isLarge } = entry
  const line = make("li", "row")
  const text = make("div", "row__text")
  const status = STATUSES[fieldOf(entry, "status")]
  const what = status && say(status)
  const said = fieldOf(entry, "text") ?? ""
  text.append(
    make("span", "row__name", [label || say("new_entry"), what].filter(Boolean).join(", ")),
    make("span", "row__detail", [when(changed_at), said.slice(0, 80)].filter(Boolean).join(": ")),
  )
  if (state === "refused") {
    text.append(make("span", "row__detail field__error", reasonOf(entry)))
  }
  const acts = make("span", "row__end")
  if (state !== "waiting")
    acts.append(button(say("retry"), "link", () => outbox.retry(id).then(send)))
  // A photo cannot be put back into its field.
  if (page && !isLarge) acts.append(editOf(id, page))
  acts.append(button(say("discard"), "link link--quiet", () => outbox.discard(id)))
  text.append(acts)
  line.append(text)
  return line
}

function editOf(id, page) {
  const link = make("a", "link", say("edit"))
  link.href = `${page}#entry-${id}`
  return link
}

function when(instant) {
  const how = { weekday: "short", hour: "2-digit", minute: "2-digit" }
  return dateFormat(how).format(new Date(instant))
}

/** Everything that waits, as JSON: a person can keep it where no system clears it. */
function save(entries) {
  const plain = entries.map(({ fields, ...entry }) => ({
    ...entry,
    fields: fields.filter(([, value]) => typeof value === "string"),
  }))
  const file = new Blob([JSON.stringify(plain, null, 2)], { type: "application/json" })
  const link = make("a")
  link.href = URL.createObjectURL(file)
  link.download = "strand-waiting.json"
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), A_DAY / 1000)
}

customElements.define("waiting-list", WaitingList)
