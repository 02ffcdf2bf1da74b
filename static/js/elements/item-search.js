/**
 * <item-search> narrows the rows with `data-words` to those that hold what is typed, as it is
 * typed and without a request. Its form finds the same on the server, and starts an own item.
 */
class ItemSearch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", this.#typed)
    this.addEventListener("submit", this.#submitted)
    if (this.#field.value !== this.#field.defaultValue) this.#narrow()
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#typed)
    this.removeEventListener("submit", this.#submitted)
  }

  get #field() {
    return this.querySelector("input[type=search]")
  }

  #typed = () => this.#narrow()

  #submitted = (event) => {
    if (!event.submitter?.name) event.preventDefault()
  }

  #narrow() {
    const typed = this.#field.value.trim().replace(/\s+/g, " ")
    const words = typed.toLowerCase().replace(/[-.]/g, " ").split(" ").filter(Boolean)
    for (const row of this.querySelectorAll("[data-words]")) {
      const held = ` ${row.dataset.words}`
      row.hidden = !words.every((word) => held.includes(` ${word}`))
    }
    const own = this.querySelector("[data-own]")
    own.dataset.empty ??= own.textContent
    own.textContent = typed ? own.dataset.own.replace("%(q)s", () => typed) : own.dataset.empty
  }
}

customElements.define("item-search", ItemSearch)
