import { make } from "./make.js"
import { dosesWithoutSlot, fieldOf, newsOf } from "./outbox.js"
import { clockIn } from "./relative_time.js"
import { numberWord, say } from "./words.js"

const SHOWN_DOSE = "#main [data-shown][data-status]"
const ANSWERED = ["taken", "skipped", "extra"]
// A second tap so soon is the first one's echo: `data-just` marks it.
const JUST = 500
const originals = new WeakMap()

/** Three to go; all done. */
export function remainingWords({ waiting, missed }) {
  if (waiting > 0) return say("to_go", { count: numberWord(waiting) })
  return missed > 0 ? say("count_not_logged", { count: numberWord(missed) }) : say("all_done")
}

/** The state of a dose after `entry`; on past days an undone dose counts as missed. */
export function statusOf(entry, before, today) {
  const status = fieldOf(entry, "status")
  if (status !== "nothing") return before === "extra" && status === "taken" ? "extra" : status
  if (before === "before") return before
  const on = fieldOf(entry, "due_on")
  return on && on < today ? "missed" : "waiting"
}

/**
 * Show what the server's page lacks on top of it, by setting state on `[data-subject]` only; what
 * has nothing more to be shown goes back to what the server said. Each part of the page says by
 * `data-read-at` when the server read it: a sheet may be older than the page under it. An answer
 * that is being stored (`data-answering`) is left as it is: an older one must not take its place
 * under the hand.
 */
export function overlay(root, entries) {
  const lacking = new Map()
  const wasShown = root.querySelector(SHOWN_DOSE)
  for (const element of root.querySelectorAll("[data-subject]")) {
    const { readAt } = element.closest("[data-read-at]").dataset
    if (!lacking.has(readAt)) {
      const news = newsOf(entries, Number(readAt))
      lacking.set(readAt, new Map(news.map((entry) => [entry.subject, entry])))
    }
    const entry = lacking.get(readAt).get(element.dataset.subject)
    element.toggleAttribute("data-waiting", Boolean(entry) && entry.state !== "sent")
    if (element.dataset.answering) continue
    if (!entry) restore(element)
    else if (element.dataset.shown !== entry.id) show(element, entry)
  }
  for (const list of root.querySelectorAll("[data-logs]")) {
    showLogged(list, newsOf(entries, Number(list.closest("[data-read-at]").dataset.readAt)))
  }
  // Untouched pages keep the server's own words.
  if (wasShown || root.querySelector(SHOWN_DOSE)) count(root)
}

/** Add doses of an item without set times to its row, if the server has not shown them. */
function showLogged(list, news) {
  const { logs, on } = list.dataset
  for (const made of list.querySelectorAll("[data-made]")) made.remove()
  const shown = [...list.children]
  const known = new Set(shown.map(({ dataset }) => dataset.subject))
  const more = dosesWithoutSlot(news, logs, on).filter(({ subject }) => !known.has(subject))
  const clock = clockIn(document.body.dataset.zone)
  for (const entry of more) {
    const line = make("li", "dose__tick", whenWords(entry, "taken", clock))
    line.dataset.made = ""
    list.append(line)
  }
  const number = list.closest(".dose").querySelector("[data-number]")
  const gone = shown.filter(({ hidden }) => hidden).length
  if (number) number.textContent = Number(number.dataset.number) + more.length - gone
}

function show(element, entry) {
  element.dataset.shown = entry.id
  if (!element.hasAttribute("data-status")) return check(element, entry)
  const when = element.querySelector("[data-when]")
  const amount = element.querySelector("[data-amount]")
  if (!originals.has(element)) {
    const { status, part } = element.dataset
    const words = [when, amount].map((part) => [...(part?.childNodes ?? [])])
    originals.set(element, { status, part, words })
  }
  const { status } = originals.get(element)
  const { today, zone } = document.body.dataset
  const next = statusOf(entry, status, today)
  const isNews = entry.state !== "sent" && element.dataset.status !== next
  if (next === "taken" && isNews) {
    element.dataset.just = ""
    setTimeout(() => delete element.dataset.just, JUST)
  }
  setStatus(element, next, entry.isLess)
  // An extra dose that is undone has no slot to go back to.
  element.hidden = status === "extra" && next === "waiting"
  if (when) when.textContent = whenWords(entry, next, clockIn(zone))
  if (amount) amount.textContent = entry.amount || amount.dataset.amount
}

function restore(element) {
  if (!element.dataset.shown) return
  delete element.dataset.shown
  if (!element.hasAttribute("data-status")) {
    for (const radio of element.querySelectorAll("input")) radio.checked = radio.defaultChecked
    return
  }
  const { status, part, words } = originals.get(element)
  originals.delete(element)
  element.hidden = false
  setStatus(element, status, part !== undefined)
  element.querySelector("[data-when]")?.replaceChildren(...words[0])
  element.querySelector("[data-amount]")?.replaceChildren(...words[1])
}

/** Before an answer the circle is a button, after it a link to the sheet: focus goes along. */
function setStatus(element, status, isLess) {
  const [from, to] = ["button.check", "a.check"].map((each) => element.querySelector(each))
  const isFocused = from && from === document.activeElement
  element.dataset.status = status
  element.toggleAttribute("data-part", Boolean(isLess) && ["taken", "extra"].includes(status))
  if (isFocused && ANSWERED.includes(status)) to?.focus({ preventScroll: true })
}

function check(fieldset, { fields }) {
  for (const [name, value] of fields) {
    for (const field of fieldset.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value
      else if (field !== document.activeElement) field.value = value
    }
  }
}

function whenWords(entry, status, clock) {
  const dueTime = fieldOf(entry, "due_time")
  if (status === "skipped") return say("skipped")
  if (status === "missed") return say("not_logged")
  if (["waiting", "before"].includes(status)) return dueTime ? say("due_at", { time: dueTime }) : ""
  const choice = fieldOf(entry, "time_choice")
  if (choice === "on_time" && dueTime) return say("taken_at", { time: dueTime })
  const isOver = fieldOf(entry, "due_on") < document.body.dataset.today
  const hasTime = dueTime || choice || fieldOf(entry, "taken_now") || fieldOf(entry, "occurred_at")
  if (isOver && !hasTime) return say("filled_in_later")
  const time =
    choice === "other"
      ? fieldOf(entry, "occurred_time")
      : clock(new Date(fieldOf(entry, "occurred_at") || entry.changed_at))
  return say("taken_at", { time })
}

function isLess({ dataset }) {
  return dataset.status === "taken" && "part" in dataset
}

/** Derive ring, words and counts from the rows. */
function count(root) {
  const rows = [...root.querySelectorAll("#main [data-subject][data-status]")]
  const of = (status) => rows.filter((row) => row.dataset.status === status).length
  const [taken, waiting, missed] = ["taken", "waiting", "missed"].map(of)
  const due = taken + waiting + missed + of("skipped")
  for (const ring of root.querySelectorAll("[data-ring]")) {
    const share = due ? (100 * taken) / due : 0
    Object.assign(ring.dataset, { done: taken, total: due })
    ring.setAttribute("aria-label", say("taken_of_due", { taken, due }))
    ring.querySelector(".ring__value").setAttribute("stroke-dasharray", `${share.toFixed(1)} 100`)
    ring.querySelector(".ring__text").textContent = `${taken}/${due}`
  }
  for (const pip of root.querySelectorAll(".week-strip [aria-current] .pip__value")) {
    pip.setAttribute("stroke-dasharray", `${(due ? (100 * taken) / due : 0).toFixed(1)} 100`)
    pip.parentElement.toggleAttribute("data-less", rows.some(isLess))
  }
  for (const words of root.querySelectorAll("[data-remaining]")) {
    words.textContent = remainingWords({ waiting, missed })
  }
  const waits = new Set(
    rows
      .filter(({ dataset }) => dataset.status === "waiting")
      .map(({ dataset }) => dataset.subject),
  )
  // "Next: Minoxidil at 21:00" is no longer true once it is answered.
  for (const words of root.querySelectorAll("[data-about]")) {
    words.hidden = !waits.has(words.dataset.about)
  }
  const { today } = document.body.dataset
  const isToday = rows.some(({ dataset }) => dataset.subject.includes(`/${today}/`))
  for (const badge of isToday ? root.querySelectorAll("[data-to-go]") : []) {
    badge.textContent = waiting
    badge.hidden = waiting === 0
  }
  for (const form of root.querySelectorAll("outbox-form[all]")) {
    const group = [
      ...(root.getElementById(form.getAttribute("all"))?.querySelectorAll("[data-status]") ?? []),
    ]
    const open = group.filter(({ dataset }) =>
      ["waiting", "missed"].includes(dataset.status),
    ).length
    form.hidden = open === 0
    for (const number of form.querySelectorAll("[data-count]")) number.textContent = open
  }
}
