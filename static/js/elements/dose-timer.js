import { Countdown } from "../lib/countdown.js"
import { recall, remember, TIMER } from "../lib/device.js"
import { LitScreen, Signal } from "../lib/signal.js"

const SECOND = 1000

/**
 * <dose-timer data-until="2026-…"> shows what is left until that instant;
 * <dose-timer data-seconds="300" data-key="dose/…"> runs for so long once it is started, and is
 * found running again when the sheet was closed meanwhile. At the end it signals and says so.
 * A field `minutes_on` in the same form says for how long, where it holds a number.
 */
class DoseTimer extends HTMLElement {
  #countdown
  #signal = new Signal()
  #screen = new LitScreen()
  #timer = 0

  connectedCallback() {
    const { until, key } = this.dataset
    const [running, endsAt] = (recall(TIMER) ?? "").split(" ")
    const end = until ? Date.parse(until) : running === key ? Number(endsAt) : 0
    if (end > Date.now()) this.#run((end - Date.now()) / SECOND)
    else if (!until) this.#show()
    this.hidden = Boolean(until) && !this.#countdown
    this.addEventListener("click", this.#clicked)
    document.addEventListener("visibilitychange", this.#seen)
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#seen)
    clearTimeout(this.#timer)
    this.#screen.letGo()
    this.#signal.close()
  }

  // Events

  #clicked = ({ target }) => {
    if (target.closest("[data-start]")) {
      this.#signal.unlock()
      this.#run(this.#seconds)
      remember(TIMER, `${this.dataset.key} ${Date.now() + this.#countdown.left}`)
    } else if (target.closest("[data-stop]")) {
      remember(TIMER, null)
      clearTimeout(this.#timer)
      this.#countdown = undefined
      this.#screen.letGo()
      this.#say("")
      this.#show()
    }
  }

  /** A tab that becomes visible is late: update its time, and announce the end if it is over. */
  #seen = () => {
    if (!document.hidden && this.#countdown) this.#tick()
  }

  // Private

  get #seconds() {
    const typed = this.closest("form")?.elements.minutes_on?.value.replace(",", ".")
    return Number(typed) > 0 ? Number(typed) * 60 : Number(this.dataset.seconds)
  }

  #run(seconds) {
    this.#countdown = new Countdown(seconds)
    this.#countdown.start()
    // A drying time needs no screen; minutes until rinsing do.
    if (this.dataset.seconds) this.#screen.keep()
    this.#say("")
    this.#tick()
  }

  #tick() {
    clearTimeout(this.#timer)
    this.#show()
    if (this.#countdown.state === "over") return this.#finish()
    this.#timer = setTimeout(() => this.#tick(), this.#countdown.left % SECOND || SECOND)
  }

  #finish() {
    remember(TIMER, null)
    this.#screen.letGo()
    this.#signal.give({ withSound: true })
    this.#say(this.dataset.over)
    this.#countdown = undefined
    this.#show()
  }

  #show() {
    const isRunning = this.#countdown !== undefined
    const left = isRunning ? Math.ceil(this.#countdown.left / SECOND) : this.#seconds
    this.dataset.state = isRunning ? "running" : "ready"
    const seconds = `${left % 60}`.padStart(2, "0")
    this.querySelector("[data-left]").textContent = left
      ? `${Math.floor(left / 60)}:${seconds}`
      : ""
  }

  #say(words) {
    this.querySelector("[data-said]").textContent = words
  }
}

customElements.define("dose-timer", DoseTimer)
