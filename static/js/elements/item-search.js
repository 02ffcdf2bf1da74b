import { announceContent, fetchPage } from "../lib/swap.js"

const PAUSE = 150

/** <item-search> runs the GET form in it as one types, and takes `#results` from the answer. */
class ItemSearch extends HTMLElement {
  #timer = 0
  #request = null

  connectedCallback() {
    this.addEventListener("input", this.#typed)
    const field = this.querySelector("input[type=search]")
    if (field && field.value !== field.defaultValue) this.#typed()
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
    this.removeEventListener("input", this.#typed)
  }

  #typed = () => {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#search, PAUSE)
  }

  #search = async () => {
    const form = this.querySelector("form")
    const url = new URL(form.action)
    url.search = new URLSearchParams(new FormData(form))
    this.#request?.abort()
    this.#request = new AbortController()
    const { signal } = this.#request
    const { response, page } = await fetchPage(url, { signal }).catch(() => ({}))
    const found = response?.ok && page.getElementById("results")
    if (!found) return
    document.getElementById("results").replaceChildren(...found.childNodes)
    if (!this.closest("dialog")) history.replaceState(history.state, "", url)
    announceContent()
  }
}

customElements.define("item-search", ItemSearch)
