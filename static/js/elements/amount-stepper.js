/**
 * <amount-stepper>: two buttons beside an amount. A step is about a tenth to a half of it: 0.25
 * below 2, 1 below 10, 5 below 100, else 50. The amount never falls to 0.
 */
class AmountStepper extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#stepped)
  }

  #stepped = (event) => {
    const direction = Number(event.target.closest("[data-by]")?.dataset.by)
    if (!direction) return
    const input = this.querySelector("input")
    const amount = Number(input.value.replace(",", ".")) || 0
    const step = stepOf(direction < 0 ? amount - 1e-6 : amount)
    const next = Math.round((amount + direction * step) * 1e4) / 1e4
    if (next <= 0) return
    const { lang } = document.documentElement
    input.value = next.toLocaleString(lang, { useGrouping: false, maximumFractionDigits: 4 })
    input.dispatchEvent(new Event("input", { bubbles: true }))
  }
}

function stepOf(amount) {
  if (amount < 2) return 0.25
  if (amount < 10) return 1
  return amount < 100 ? 5 : 50
}

customElements.define("amount-stepper", AmountStepper)
