import { beginsAsOne, folded } from "../lib/fold.js"

const STRENGTH = /^(\d+|mg|g|mcg|ug|μg|ml|iu|ie|percent)$/

/**
 * <item-search> narrows the rows with `data-words` to those that hold what is typed, as it is
 * typed and without a request, and marks where a name begins like it. Its form finds the same on
 * the server, and starts an own item.
 */
class ItemSearch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#narrow)
    this.addEventListener("submit", this.#submitted)
    if (this.#field.value !== this.#field.defaultValue) this.#narrow()
  }

  get #field() {
    return this.querySelector("input[type=search]")
  }

  #submitted = (event) => {
    if (!event.submitter?.name) event.preventDefault()
  }

  #narrow = () => {
    const typed = this.#field.value.trim().replace(/\s+/g, " ")
    const rows = [...this.querySelectorAll("[data-words]")]
    const words = folded(withoutMass(typed)).split(" ").filter(Boolean)
    let found = rowsWith(rows, words)
    // A strength at the end that no name holds is left out, as on the server.
    while (!found.size && words.length > 1 && STRENGTH.test(words.at(-1))) {
      words.pop()
      found = rowsWith(rows, words)
    }
    if (!found.size) {
      found = new Set(rows.filter((row) => beginsAsOne(row.dataset.words, words.join(""))))
    }
    for (const row of rows) row.hidden = !found.has(row)
    mark([...found], words)
    const own = this.querySelector("[data-own]")
    own.dataset.empty ??= own.textContent
    own.textContent = typed ? own.dataset.own.replace("{q}", () => typed) : own.dataset.empty
  }
}

/** The text without "400 mg" or "1000 IU", and percent as a sign: as on the server. */
function withoutMass(text) {
  return text
    .normalize("NFKC")
    .replace(/(\d)\s*(?:percent|per cent|prozent|pct)(?!\p{L})/giu, "$1%")
    .replace(/(^|[^\p{L}\d.,])\d+(?:[.,]\d+)*\s*(?:mg|g|mcg|ug|μg|iu|ie|ui)(?![\p{L}/])/giu, "$1 ")
}

function rowsWith(rows, words) {
  const holds = (row) => words.every((word) => ` ${row.dataset.words}`.includes(` ${word}`))
  return new Set(rows.filter(holds))
}

/** Mark the typed words in the names of rows, where the browser can without changing the page. */
function mark(rows, words) {
  if (!("highlights" in CSS)) return
  const names = rows.map((row) => row.querySelector(".row__name").firstChild)
  CSS.highlights.set("found", new Highlight(...names.flatMap((name) => rangesIn(name, words))))
}

function rangesIn(name, words) {
  return [...name.data.matchAll(/\p{L}+|\p{Nd}+/gu)].flatMap(({ 0: part, index }) =>
    words
      .filter((word) => folded(part).startsWith(word))
      .map((word) => {
        const range = new Range()
        range.setStart(name, index)
        range.setEnd(name, index + Math.min(word.length, part.length))
        return range
      }),
  )
}

customElements.define("item-search", ItemSearch)
