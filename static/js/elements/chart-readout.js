const DAY = 86_400_000

/**
 * <chart-readout> says the value under a finger or a mouse, and the next one to the arrow keys.
 *
 * The numbers are those of the table beneath: `data-table` names it, `data-column` the column.
 * A plot tells its first and last day; squares carry their day, and `data-states` their words.
 */
class ChartReadout extends HTMLElement {
  #at = -1
  #bubble = document.createElement("output")
  #line = document.createElement("span")

  connectedCallback() {
    if (this.contains(this.#bubble)) return
    this.tabIndex = 0
    this.setAttribute("role", "group")
    this.setAttribute("aria-label", this.dataset.label)
    this.#bubble.className = "readout"
    this.#line.className = "readout__line"
    this.#show(null)
    this.append(this.#line, this.#bubble)
    this.addEventListener("pointermove", this.#pointed)
    this.addEventListener("pointerdown", this.#pointed)
    this.addEventListener("pointerleave", this.#left)
    this.addEventListener("keydown", this.#pressed)
    this.addEventListener("blur", this.#left)
  }

  // Events

  #pointed = (event) => {
    const points = this.#points()
    const near = (one, other) => this.#distance(one, event) - this.#distance(other, event)
    const nearest = [...points].sort(near)[0]
    if (nearest) this.#show(nearest, points.indexOf(nearest))
  }

  #pressed = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key]
    if (event.key === "Escape") this.#show(null)
    if (step === undefined) return
    event.preventDefault()
    const points = this.#points()
    const from = this.#at < 0 ? points.length - (step < 0 ? 0 : 1) : this.#at
    const at = Math.max(0, Math.min(points.length - 1, from + step))
    if (points.length) this.#show(points[at], at)
  }

  #left = () => this.#show(null)

  // What can be read

  #points() {
    const cells = [...this.querySelectorAll("[data-on]")]
    const table = document.getElementById(this.dataset.table)
    const rows = new Map([...(table?.rows ?? [])].map((row) => [row.dataset.on, row]))
    if (cells.length) return cells.map((cell) => this.#cell(cell, rows)).filter((each) => each.text)
    const plot = this.querySelector(".plot").getBoundingClientRect()
    const first = Date.parse(this.dataset.first)
    const whole = Date.parse(this.dataset.last) + DAY - first
    const days = Number(this.dataset.days)
    const read = []
    for (const [on, row] of rows) {
      const value = on && row.cells[Number(this.dataset.column) + 1].textContent
      const share = (Date.parse(on) + (days / 2) * DAY - first) / whole
      if (value) read.push({ x: plot.left + share * plot.width, text: this.#words(row, value) })
    }
    return read
  }

  #cell(cell, rows) {
    const { left, width, top, height } = cell.getBoundingClientRect()
    const place = { x: left + width / 2, y: top + height / 2 }
    const { on, state } = cell.dataset
    if (state) {
      const word = JSON.parse(this.dataset.states)[state]
      const day = new Date(on).toLocaleDateString("en-GB", {
        day: "numeric",
        month: "short",
        year: "numeric",
        timeZone: "UTC",
      })
      return { ...place, text: `${day}: ${word}` }
    }
    const row = rows.get(on)
    const value = row?.cells[Number(this.dataset.column) + 1].textContent
    return { ...place, text: value ? this.#words(row, value) : "" }
  }

  #words(row, value) {
    return `${row.cells[0].textContent}: ${value}`
  }

  #distance({ x, y }, { clientX, clientY }) {
    return Math.abs(x - clientX) + (y === undefined ? 0 : Math.abs(y - clientY))
  }

  // What is shown

  #show(point, at = -1) {
    this.#at = at
    this.#bubble.hidden = this.#line.hidden = !point
    if (!point) return
    this.#bubble.textContent = point.text
    const { left, width, top } = this.getBoundingClientRect()
    const x = point.x - left
    const half = this.#bubble.offsetWidth / 2
    this.#bubble.style.left = `${Math.max(0, Math.min(width - 2 * half, x - half))}px`
    this.#bubble.style.top = point.y === undefined ? "" : `${point.y - top - 34}px`
    this.#line.hidden = point.y !== undefined
    this.#line.style.left = `${x}px`
  }
}

customElements.define("chart-readout", ChartReadout)
