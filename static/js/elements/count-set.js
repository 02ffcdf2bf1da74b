import { figure } from "../lib/words.js"

const MOST = 5000

/**
 * <count-set> steps the numbers in it by their `[data-by]` buttons, and keeps `[data-mean]` of
 * `[data-counted]` readings up to date. Once touched, `data-busy` keeps the page from being
 * swapped: what was counted must not get lost.
 */
class CountSet extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#clicked)
    this.addEventListener("input", this.#changed)
    this.#showMean()
  }

  // Events

  #clicked = ({ target }) => {
    const button = target.closest("[data-by]")
    if (!button) return
    const field = button.parentElement.querySelector("input")
    const number = (numberIn(field) ?? 0) + Number(button.dataset.by)
    field.value = Math.min(MOST, Math.max(0, number))
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #changed = () => {
    this.dataset.busy = ""
    this.#showMean()
  }

  // Private

  #showMean() {
    const numbers = [...this.querySelectorAll("input")].map(numberIn).filter((n) => n !== null)
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
    this.querySelector(".runs__mean").hidden = numbers.length === 0
    this.querySelector("[data-counted]").textContent = numbers.length
    this.querySelector("[data-mean]").textContent = numbers.length ? figure(mean) : "–"
  }
}

/** The number in a field, if it is a count; 0 is one. */
function numberIn({ value }) {
  return /^\s*\d{1,4}\s*$/.test(value) ? Number(value) : null
}

customElements.define("count-set", CountSet)
