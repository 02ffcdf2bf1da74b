/** <taper-steps> draws the steps that are filled in as a small chart, beneath the fields. */
const DAY = 86_400_000
const WIDTH = 300
const HEIGHT = 60

class TaperSteps extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#draw)
    this.#draw()
  }

  #draw = () => {
    const dates = [...this.querySelectorAll("[name=step_dates]")]
    const amounts = [...this.querySelectorAll("[name=step_amounts]")]
    const steps = dates
      .map((field, i) => [field.valueAsNumber, Number(amounts[i].value.replace(",", "."))])
      .filter(([on, amount]) => on && amount > 0)
    const chart = this.querySelector(".taper-chart")
    chart.toggleAttribute("hidden", steps.length < 2)
    if (steps.length > 1) chart.firstElementChild.setAttribute("d", stepPath(steps))
  }
}

/** A path that holds each amount until the next date, and the last for a sixth of the width. */
function stepPath(steps) {
  const first = steps[0][0]
  const span = Math.max(steps.at(-1)[0] - first, DAY)
  const top = Math.max(...steps.map(([, amount]) => amount))
  const x = (on) => (((on - first) / span) * WIDTH * 5) / 6
  const y = (amount) => HEIGHT - 4 - (amount / top) * (HEIGHT - 8)
  const path = steps.map(([on, amount]) => `H${x(on)}V${y(amount)}`).join("")
  return `M0 ${y(steps[0][1])}${path}H${WIDTH}`
}

customElements.define("taper-steps", TaperSteps)
