/** Word "due 40 min ago" in the browser: pages carry instants, and pages grow old. */
import { dateFormat, known, say } from "./words.js"

const clocks = new Map()

/** `{ words, isLate }` of a dose due at `due`; `clock` writes its time of day. */
export function dueWords(due, now, clock) {
  const minutes = Math.round((due - now) / 60_000)
  const { onTimeMinutes, nearMinutes } = known()
  const isLate = minutes < -onTimeMinutes
  const span = Math.abs(minutes)
  const given = { minutes: `${span}\u00a0min`, time: clock(due) }
  const near = isLate ? "due_before" : "due_soon"
  const far = isLate ? "was_due_at" : "due_at"
  const message = span <= onTimeMinutes ? "due_now" : span > nearMinutes ? far : near
  return { words: say(message, given), isLate }
}

/** Writes 08:05 in the wall time of `zone`; made once per zone, because making one is slow. */
export function clockIn(zone) {
  const format =
    clocks.get(zone) ??
    dateFormat({
      timeZone: zone || undefined,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
  clocks.set(zone, format)
  return (instant) => format.format(instant)
}

if (globalThis.document) {
  wordAll()
  setInterval(wordAll, 60_000)
  for (const type of ["visibilitychange", "content"])
    document.addEventListener(type, () => wordAll())
}

/** Word every dose that waits. */
export function wordAll() {
  const now = new Date()
  const clock = clockIn(document.body.dataset.zone)
  for (const element of document.querySelectorAll("[data-due-at]")) {
    const row = element.closest("[data-status]") ?? element
    if ((row.dataset.status ?? "waiting") !== "waiting") continue
    const { words, isLate } = dueWords(new Date(element.dataset.dueAt), now, clock)
    if (element.textContent !== words) element.textContent = words
    row.toggleAttribute("data-late", isLate)
  }
}
