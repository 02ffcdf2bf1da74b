/** The question before an as-needed dose inside its gap, or over its daily maximum. */
import { button, make } from "./make.js"
import { dosesWithoutSlot } from "./outbox.js"
import { outbox } from "./page_outbox.js"
import { correctedNow } from "./post.js"
import { clockIn } from "./relative_time.js"
import { say, shortDay } from "./words.js"

const HOUR = 3_600_000

/**
 * The fields to log with: none where no limit speaks against the dose, else what says that the
 * person was asked; null where they said no.
 */
export async function leaveOf(element, form) {
  const { zone, today } = document.body.dataset
  const { readAt } = element.closest("[data-read-at]").dataset
  const on = new FormData(form).get("due_on")
  const entries = await outbox.news(Number(readAt))
  const more = dosesWithoutSlot(entries, form.getAttribute("action"), on)
  const words = limitWords(element.dataset, more, correctedNow(), {
    clock: clockIn(zone),
    isToday: on === today,
  })
  if (!words) return []
  return (await ask(element, words)) ? [["anyway", "yes"]] : null
}

/** The limits that one more dose would exceed now, in words; "" if none. */
export function limitWords({ most, taken = 0, gap, last }, more, now, { clock, isToday }) {
  const parts = []
  if (most && Number(taken) + more.length >= most) {
    parts.push(say("most_reached", { most }))
  }
  const times = more.map(({ changed_at }) => Date.parse(changed_at))
  const next = Math.max(last ? Date.parse(last) : 0, ...times) + gap * HOUR
  if (isToday && gap && next > now) parts.push(nextWords(next, now, clock))
  return parts.length ? [...parts, say("log_anyway_question")].join(" ") : ""
}

/** Next at 18:40; next tomorrow at 01:41; next on 28 Nov at 18:40. */
function nextWords(next, now, clock) {
  const timeZone = document.body.dataset.zone || undefined
  const [day, today, tomorrow] = [next, now, Number(now) + 24 * HOUR].map((at) =>
    shortDay(at, timeZone),
  )
  const time = clock(new Date(next))
  if (day === today) return say("next_at", { time })
  return day === tomorrow ? say("next_tomorrow", { time }) : say("next_on", { day, time })
}

/**
 * The question stands under the row: no button comes to lie under the finger. The page is not
 * swapped before it is answered.
 */
function ask(element, words) {
  const row = element.closest(".dose")
  row.querySelector(".dose__question")?.remove()
  const box = make("div", "dose__question")
  box.dataset.busy = ""
  const said = make("p", "", words)
  said.role = "alert"
  return new Promise((resolve) => {
    const answer = (isMeant) => () => {
      box.remove()
      resolve(isMeant)
    }
    const yes = button(say("log_anyway"), "button button--soft", answer(true))
    box.append(said, yes, button(say("log_not"), "button button--quiet", answer(false)))
    row.append(box)
    yes.focus({ preventScroll: true })
  })
}
