import { Countdown } from "../lib/countdown.js"
import { recall, remember } from "../lib/device.js"
import { LitScreen, Signal } from "../lib/signal.js"

const TICK = 200
const SECOND = 1000
const SOUND = "count-sound"

/**
 * <comb-timer data-seconds="60"> runs the minute in its step `#comb`, by the clock; then it
 * signals, says so and continues to `#result`. `[data-start]` leads to the step and starts.
 * Leaving the step stops it. While it runs, `data-busy` keeps the page from being swapped.
 */
class CombTimer extends HTMLElement {
  #countdown
  #signal = new Signal()
  #screen = new LitScreen()
  #timer = 0

  connectedCallback() {
    this.#countdown = new Countdown(Number(this.dataset.seconds))
    this.addEventListener("click", this.#clicked)
    addEventListener("hashchange", this.#moved)
    document.addEventListener("visibilitychange", this.#seen)
    this.#showSound()
    this.#show()
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#moved)
    document.removeEventListener("visibilitychange", this.#seen)
    this.#stop()
    this.#signal.close()
  }

  // Events

  #clicked = ({ target }) => {
    const tapped = target.closest("[data-start], [data-toggle], [data-sound]")
    if (!tapped) return
    if (tapped.matches("[data-sound]")) return this.#toggleSound()
    this.#signal.unlock()
    const { state } = this.#countdown
    if (state === "running" && tapped.matches("[data-toggle]")) return this.#pause()
    if (state === "over" || tapped.matches("[data-start]")) this.#countdown.reset()
    this.#run()
  }

  #moved = () => {
    if (location.hash !== "#comb") this.#stop()
    this.#show()
  }

  /** A tab that becomes visible is late: update its time, and announce the end if it is over. */
  #seen = () => {
    if (document.hidden || this.#countdown.state === "ready") return
    if (this.#timer) this.#tick()
    if (this.#countdown.state === "running") this.#screen.keep()
  }

  // Private

  #run() {
    this.#countdown.start()
    this.#screen.keep()
    this.#say(this.dataset.going)
    this.#tick()
  }

  #pause() {
    this.#rest()
    this.#countdown.pause()
    this.#say(this.dataset.paused)
    this.#show()
  }

  #rest() {
    clearTimeout(this.#timer)
    this.#timer = 0
    this.#screen.letGo()
  }

  #stop() {
    this.#rest()
    this.#countdown.reset()
  }

  #tick = () => {
    clearTimeout(this.#timer)
    this.#show()
    const { state, left } = this.#countdown
    if (state === "over") return this.#finish()
    this.#timer = setTimeout(this.#tick, Math.min(TICK, left))
  }

  #finish() {
    this.#rest()
    this.#signal.give({ withSound: hasSound() })
    this.#say(this.dataset.over)
    // Replace the step in the history: Back leads to the start, not to a minute that is over.
    location.replace("#result")
  }

  #toggleSound() {
    remember(SOUND, hasSound() ? "off" : null)
    this.#showSound()
  }

  #show() {
    const { state, left, elapsed } = this.#countdown
    this.dataset.state = state
    this.toggleAttribute("data-busy", state === "running" || state === "paused")
    const gone = Math.floor(elapsed / SECOND)
    const clock = `${Math.floor(gone / 60)}`.padStart(2, "0")
    this.#find("[data-elapsed]").textContent = `${clock}:${`${gone % 60}`.padStart(2, "0")}`
    this.#find("[data-left]").textContent = Math.ceil(left / SECOND)
    this.#find(".timer__value").setAttribute("stroke-dasharray", `${elapsed / SECOND} 60`)
    const done = "1.4 8.6 ".repeat(gone)
    this.#find(".timer__ticks--done").setAttribute("stroke-dasharray", `${done}0 600`)
    const shown = state === "over" ? "ready" : state
    for (const word of this.querySelectorAll("[data-toggle] [data-shown]")) {
      word.hidden = word.dataset.shown !== shown
    }
  }

  #showSound() {
    const shown = hasSound() ? "on" : "off"
    for (const word of this.querySelectorAll("[data-sound] [data-shown]")) {
      word.hidden = word.dataset.shown !== shown
    }
  }

  #say(words) {
    this.#find("[data-said]").textContent = words
  }

  #find(selector) {
    return this.querySelector(selector)
  }
}

function hasSound() {
  return recall(SOUND) !== "off"
}

customElements.define("comb-timer", CombTimer)
