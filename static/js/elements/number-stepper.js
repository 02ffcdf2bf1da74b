/** <number-stepper data-step="0.5">: its buttons with `data-by` add and take away a step. */
class NumberStepper extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#clicked)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked)
  }

  #clicked = ({ target }) => {
    const by = Number(target.closest("[data-by]")?.dataset.by)
    if (!by) return
    const input = this.querySelector("input")
    const step = Number(this.dataset.step) || 1
    const now = Number(input.value.replace(",", ".")) || 0
    // Four decimals, as amounts have: 0.1 + 0.2 is 0.3 here.
    input.value = Number(Math.max(0, now + by * step).toFixed(4))
    for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }))
  }
}

customElements.define("number-stepper", NumberStepper)
