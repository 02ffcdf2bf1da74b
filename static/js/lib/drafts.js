/** Convert forms to drafts for the outbox, and back. */
import { deviceZone } from "./device.js"
import { say } from "./words.js"

const OPEN = ["waiting", "missed"]
const MEASURED = ["part_width_mm", "global_change"]

/** The draft of an <outbox-form> as `submitter` would send it; without a subject it is a new one. */
export function draftOf(element, form, submitter, extra = []) {
  const fields = [...new FormData(form, submitter), ...extra]
  const { label, amounts } = element.dataset
  const subject = element.getAttribute("subject")
  const said = { label, submitter, ...amountOf(fields, amounts) }
  if (subject) return draft(subject, form, fields, said)
  const id = crypto.randomUUID()
  // Posted to …/notes, it is a note.
  const noun = form.getAttribute("action").split("/").at(-1).replace(/s$/, "")
  return draft(`${noun}/${id}`, form, [...fields, ["id", id]], said)
}

/**
 * How much was taken, in words, and whether it is less than planned. `amounts`: how the server
 * words the planned amount, half of it, twice of it and the unit, with bars between.
 */
export function amountOf(fields, amounts) {
  const {
    status,
    amount_choice: choice = "planned",
    amount,
    planned_amount: planned,
  } = {
    ...Object.fromEntries(fields),
  }
  if (!amounts || status !== "taken") return {}
  const [full, half, double, unit] = amounts.split("|")
  const words = { planned: full, half, double }[choice] ?? `${amount} ${unit}`.trim()
  const isTold = ["other", "kept"].includes(choice)
  const isLess = isTold ? numberOf(amount) < numberOf(planned) : choice === "half"
  return { amount: words, isLess }
}

function numberOf(text = "") {
  return Number.parseFloat(text.replace(",", "."))
}

/** A draft for each open dose of `group`, or of the slots chosen there: its own form, as taken. */
export function draftsOfAll(group, form) {
  const data = new FormData(form)
  const time = data.get("occurred_time")
  const slots = data.getAll("slot")
  // Leave doses unchanged that were answered meanwhile, here or elsewhere.
  const extra = [
    ["status", "taken"],
    ["only_if_open", "yes"],
  ]
  if (time) extra.push(["time_choice", "other"], ["occurred_time", time])
  return [...group.querySelectorAll("[data-status]")]
    .filter(({ dataset }) => OPEN.includes(dataset.status))
    .filter(({ dataset }) => slots.length === 0 || slots.includes(slotOf(dataset.subject)))
    .map((row) => row.querySelector("outbox-form:has(button[name=status])"))
    .filter(Boolean)
    .map((each) => draftOf(each, each.querySelector("form"), null, extra))
}

/**
 * A draft for each `[data-subject]` part of a form that was changed; the part `data-always` goes
 * in any case. What stands outside of the parts goes with each of them.
 */
export function draftsOfParts(element, form, submitter) {
  const parts = [...form.querySelectorAll("[data-subject]")]
  const fields = [...new FormData(form, submitter)]
  const owners = new Map(parts.flatMap((part) => named(part).map(({ name }) => [name, part])))
  return parts
    .filter((part) => "always" in part.dataset || named(part).some(isChanged))
    .map((part) => {
      const own = fields.filter(([name]) => (owners.get(name) ?? part) === part)
      return draft(part.dataset.subject, form, own, { label: element.dataset.label, submitter })
    })
}

/** A draft for each file of a form, with what is said of them; what was measured is one more. */
export function photoDrafts(form) {
  const data = [...new FormData(form)].filter(([name]) => !["id", "device"].includes(name))
  const isFile = ([, value]) => value instanceof File
  const words = data.filter((pair) => !isFile(pair) && !MEASURED.includes(pair[0]))
  const photos = data
    .filter((pair) => isFile(pair) && pair[1].size)
    .map(([name, file]) => {
      const view = name.replace("photo-", "")
      const id = crypto.randomUUID()
      const label = form.querySelector(`[for="field-${name}"]`)?.textContent.trim()
      const fields = [...words, ["id", id], ["view", view], ["photo", file]]
      return { ...draft(`photo/${id}`, form, fields, { label }), isLarge: true }
    })
  const measured = data.filter(([name, value]) => MEASURED.includes(name) && value)
  if (!measured.length) return photos
  const on = words.find(([name]) => name === "on")[1]
  const fields = [...words, ...measured]
  return [...photos, draft(`hair-review/${on}`, form, fields, { label: say("hair_review") })]
}

/** The draft of one answer, changed in a form of many: the fields of its subject there. */
export function draftOfAnswer(part, { form, type, name, checked }) {
  const { subject } = part.dataset
  const names = new Set([...form.elements].filter(isSent).map((field) => field.name))
  const fields = [...new FormData(form)].filter(([each]) => names.has(each))
  if (type === "checkbox" && !checked) fields.push([name, ""])
  const label = part.dataset.label ?? part.querySelector("legend")?.textContent.trim()
  return draft(subject, form, fields, { label, isPartial: true })

  function isSent(field) {
    const owner = field.closest("[data-subject]")
    return owner ? owner.dataset.subject === subject : field.type === "hidden"
  }
}

function draft(subject, form, fields, said) {
  const { label = "", submitter = null, isPartial = false, amount = "", isLess = false } = said
  const row = `#main [data-subject="${CSS.escape(subject)}"][data-status]`
  const isDiscreet = "discreet" in document.body.dataset
  // The name in notices, which others may read; the server names doses.
  const name = isDiscreet && !subject?.startsWith("dose/") ? say("an_entry") : label
  return {
    subject,
    name,
    label: isDiscreet || !amount ? name : `${name}, ${amount}`,
    amount,
    isLess,
    action: submitter?.getAttribute("formaction") ?? form.getAttribute("action"),
    fields: [...fields, ["time_zone", deviceZone()]],
    before: document.querySelector(row)?.dataset.status,
    page: pageOf(form),
    isPartial,
  }
}

/** The address that opens a form again: as a sheet, by the sheet of its row, or on this page. */
function pageOf(form) {
  const sheet = form.closest("[data-sheet-url]")?.dataset.sheetUrl
  const row = form.closest("[data-subject]")?.querySelector("a[data-sheet]")
  return sheet ?? row?.getAttribute("href") ?? location.pathname + location.search
}

/** Fill in a form from an entry, its id included. */
export function fill(form, { fields }) {
  const typed = (wanted) => fields.filter(([name]) => name === wanted).map(([, value]) => value)
  for (const field of form.querySelectorAll("[name]:not([type=file], button)")) {
    const values = typed(field.name)
    if (field.type === "checkbox") field.checked = values.includes(field.value)
    else if (!values.length) continue
    else if (field.type === "radio") field.checked = values.includes(field.value)
    else field.value = values.at(-1)
  }
  const [id] = typed("id").slice(-1)
  if (id && !form.elements.namedItem("id")) form.append(hidden("id", id))
}

/**
 * The sheet of a dose that was taken by one tap, and was fetched before: what is added to it
 * leaves when it was taken, and when that was logged, as they are.
 */
export function keepTime(form, { fields, changed_at }) {
  const said = Object.fromEntries(fields)
  const now = form.querySelector("[name=time_choice][value=now]")
  if (!now || said.status !== "taken" || said.time_choice) return
  now.value = "kept"
  now.parentElement.querySelector(".segment__label").textContent = form.dataset.kept
  form.append(
    hidden("occurred_at", said.occurred_at ?? changed_at),
    hidden("first_logged_at", changed_at),
    hidden("first_time_zone", said.time_zone),
    hidden("first_day_starts_time", form.dataset.dayStarts),
  )
}

function hidden(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value })
}

function named(part) {
  return [...part.querySelectorAll("[name]")]
}

function isChanged({ type, value, defaultValue, checked, defaultChecked }) {
  return ["radio", "checkbox"].includes(type) ? checked !== defaultChecked : value !== defaultValue
}

function slotOf(subject) {
  const [, item, , time] = subject.split("/")
  return `${item} ${time}`
}
