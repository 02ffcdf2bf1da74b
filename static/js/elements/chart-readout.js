import { daysWords, say, shortDay } from "../lib/words.js"

const DAY = 86_400_000

/**
 * <chart-readout> says the value under a finger or a mouse, and the next one to the arrow keys.
 * What a tap shows stays until the next tap; a mouse that leaves takes its own along.
 *
 * The numbers are those of the table beneath: `data-table` names it, `data-column` the column;
 * a row is a day (`data-on`) or the week that it is headed by. A plot tells its first and last
 * day; squares carry their day, and `data-states` their words; shades are weeks of `data-year`;
 * dots may carry their own `data-text`. Sets of counts are told in `data-points`: percent, words.
 */
class ChartReadout extends HTMLElement {
  #at = -1
  #isPinned = false
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
    this.addEventListener("pointerleave", this.#left)
    this.addEventListener("keydown", this.#pressed)
    document.addEventListener("pointerdown", this.#tapped)
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.#tapped)
  }

  // Events

  #tapped = (event) => {
    this.#isPinned = this.contains(event.target)
    if (this.#isPinned) this.#pointed(event)
    else this.#show(null)
  }

  #pointed = (event) => {
    if (this.#isPinned && event.type === "pointermove" && event.pointerType === "mouse") return
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

  #left = ({ pointerType }) => {
    if (pointerType === "mouse" && !this.#isPinned) this.#show(null)
  }

  // What can be read

  #points() {
    const squares = [...this.querySelectorAll("[data-on]")]
    if (squares.length) return squares.map((square) => this.#square(square))
    const told = [...this.querySelectorAll("[data-text]")]
    if (told.length) return told.map((dot) => ({ x: middleOf(dot).x, text: dot.dataset.text }))
    if (this.dataset.points) return this.#told(JSON.parse(this.dataset.points))
    const table = document.getElementById(this.dataset.table)
    const rows = [...(table?.tBodies[0].rows ?? [])].map((row) => this.#row(row))
    const read = rows.filter(({ value }) => value)
    const shades = [...this.querySelectorAll("[data-level]")]
    return shades.length ? this.#shades(shades, read) : this.#plotted(read)
  }

  #row({ dataset, cells }) {
    const name = cells[0].textContent
    const value = cells[Number(this.dataset.column) + 1].textContent
    if (dataset.on) return { name, value, on: dataset.on, text: `${name}: ${value}` }
    const on = mondayOf(name)
    return { name, value, on, text: `${weekOf(on)}: ${this.#spoken(value)}` }
  }

  /** "2.3 (5)" as "2.3, 5 days". */
  #spoken(value) {
    const [, mean, n] = value.match(/^(.*) \((\d+)\)$/) ?? []
    return n ? `${mean}, ${say("days", { n: Number(n) })}` : value
  }

  #told(points) {
    const plot = this.querySelector(".plot").getBoundingClientRect()
    return points.map(([share, text]) => ({ x: plot.left + (share / 100) * plot.width, text }))
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
    const day = `${shortDay(new Date(on))} ${on.slice(0, 4)}`
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

/** The days of a week in words: 18 to 24 May; 28 Dec 2026 to 3 Jan 2027. */
function weekOf(monday) {
  const first = new Date(monday)
  return daysWords(first, new Date(first.getTime() + 6 * DAY), new Date().getFullYear())
}

customElements.define("chart-readout", ChartReadout)
