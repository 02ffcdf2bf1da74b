const DAY = 86_400_000

/**
 * <chart-readout> says the value under a finger or a mouse, and the next one to the arrow keys.
 *
 * The numbers are those of the table beneath: `data-table` names it, `data-column` the column;
 * a row is a day (`data-on`) or the week that it is headed by. A plot tells its first and last
 * day; squares carry their day, and `data-states` their words; shades are weeks of `data-year`;
 * dots may carry their own `data-text`.
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
    const squares = [...this.querySelectorAll("[data-on]")]
    if (squares.length) return squares.map((square) => this.#square(square))
    const told = [...this.querySelectorAll("[data-text]")]
    if (told.length) return told.map((dot) => ({ x: middleOf(dot).x, text: dot.dataset.text }))
    const table = document.getElementById(this.dataset.table)
    const rows = [...(table?.tBodies[0].rows ?? [])].map((row) => this.#row(row))
    const read = rows.filter(({ value }) => value)
    const shades = [...this.querySelectorAll("[data-level]")]
    return shades.length ? this.#shades(shades, read) : this.#plotted(read)
  }

  #row({ dataset, cells }) {
    const name = cells[0].textContent
    const value = cells[Number(this.dataset.column) + 1].textContent
    return { name, value, on: dataset.on ?? mondayOf(name), text: `${name}: ${value}` }
  }

  #plotted(rows) {
    const plot = this.querySelector(".plot").getBoundingClientRect()
    const { first, last, days } = this.dataset
    const whole = Date.parse(last) + DAY - Date.parse(first)
    const share = (on) => (Date.parse(on) + (Number(days) / 2) * DAY - Date.parse(first)) / whole
    return rows.map(({ on, text }) => ({ x: plot.left + share(on) * plot.width, text }))
  }

  #shades(shades, rows) {
    const texts = new Map(rows.map(({ name, text }) => [name, text]))
    return shades.flatMap((shade) => {
      const week = Math.round(shade.getBBox().x / 10) + 1
      const { year } = shade.parentElement.dataset
      const text = texts.get(`${year}-W${String(week).padStart(2, "0")}`)
      return text ? [{ ...middleOf(shade), text }] : []
    })
  }

  #square(square) {
    const { on, state } = square.dataset
    const how = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }
    const day = new Date(on).toLocaleDateString("en-GB", how)
    return { ...middleOf(square), text: `${day}: ${JSON.parse(this.dataset.states)[state]}` }
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

function middleOf(element) {
  const { left, width, top, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

/** The Monday of an ISO week such as 2026-W47: the week of 4 January is the first. */
function mondayOf(week) {
  const [year, number] = week.split("-W").map(Number)
  const fourth = new Date(Date.UTC(year, 0, 4))
  const back = (fourth.getUTCDay() + 6) % 7
  return new Date(fourth.getTime() + ((number - 1) * 7 - back) * DAY).toISOString().slice(0, 10)
}

customElements.define("chart-readout", ChartReadout)
