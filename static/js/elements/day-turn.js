import { dateFormat } from "../lib/words.js"

const DAY = 86_400_000
const LONGEST_WAIT = 3_600_000

/**
 * <day-turn hidden data-turns-at="instant"> shows its link once the page's day is over;
 * `[data-weekday]` in it names the new one. The page itself stays, so that nothing changes under a finger.
 */
class DayTurn extends HTMLElement {
  #timer = 0

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#check)
    this.#check()
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
    document.removeEventListener("visibilitychange", this.#check)
  }

  #check = () => {
    clearTimeout(this.#timer)
    const turnsAt = Date.parse(this.dataset.turnsAt)
    const left = turnsAt - Date.now()
    if (left > 0) this.#timer = setTimeout(this.#check, Math.min(left + 500, LONGEST_WAIT))
    if (Number.isNaN(left) || left > 0) return
    const started = turnsAt + Math.floor(-left / DAY) * DAY
    const words = { weekday: "long", timeZone: document.body.dataset.zone || undefined }
    const weekday = dateFormat(words).format(started)
    for (const element of this.querySelectorAll("[data-weekday]")) element.textContent = weekday
    this.hidden = false
  }
}

customElements.define("day-turn", DayTurn)
