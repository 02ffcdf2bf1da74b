import { announceContent, fetchPage } from "../lib/swap.js"

const INVALID = 422

/**
 * <sheet-host> opens links with `data-sheet` in its <dialog>: the `[data-sheet-content]` of the
 * page behind the link. Whatever goes wrong, the link or form works as if this were not here.
 */
class SheetHost extends HTMLElement {
  #isNative = false
  #pressedOutside = false

  connectedCallback() {
    document.addEventListener("click", this.#clicked)
    this.addEventListener("done", this.#close)
    this.addEventListener("submit", this.#submitted)
    this.#dialog.addEventListener("pointerdown", this.#pressed)
    this.#dialog.addEventListener("close", this.#closed)
  }

  // Events

  #clicked = (event) => {
    const { target, button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented } = event
    if (defaultPrevented || button || ctrlKey || metaKey || shiftKey || altKey) return
    const link = target.closest("a[data-sheet]")
    const closes = this.contains(target) && target.closest("[data-close]")
    if (link || closes) event.preventDefault()
    if (closes || (target === this.#dialog && this.#pressedOutside && this.#isOutside(event))) {
      this.#close()
    } else if (link) this.#open(link)
  }

  #pressed = (event) => {
    this.#pressedOutside = event.target === this.#dialog && this.#isOutside(event)
  }

  #submitted = (event) => {
    const { target: form, submitter, defaultPrevented } = event
    const isOwn = form.closest("outbox-form, item-search")
    if (this.#isNative || defaultPrevented || isOwn || form.method !== "post") return
    event.preventDefault()
    this.#post(form, submitter)
  }

  #close = () => this.#dialog.close()

  #closed = () => this.#content.replaceChildren()

  // Private

  get #dialog() {
    return this.querySelector("dialog")
  }

  get #content() {
    return this.querySelector(".sheet__content")
  }

  async #open(link) {
    link.ariaBusy = "true"
    const { page } = await fetchPage(link.href).catch(() => ({}))
    link.ariaBusy = null
    if (!this.#show(page, link.getAttribute("href"))) location.assign(link.href)
  }

  /** A form that is no logging form: its mistakes are shown here, its success is a page. */
  async #post(form, submitter) {
    const data = new FormData(form, submitter)
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data)
    const action = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action
    const { response, page } = await fetchPage(action, { method: "POST", body }).catch(() => ({}))
    if (response?.status === INVALID && this.#show(page, action)) return
    if (response?.ok && response.redirected) location.assign(response.url)
    else this.#submitNatively(form, submitter)
  }

  #submitNatively(form, submitter) {
    this.#isNative = true
    form.requestSubmit(submitter)
    this.#isNative = false
  }

  #show(page, url) {
    const content = page?.querySelector("[data-sheet-content]")
    if (!content) return false
    content.dataset.sheetUrl = url
    const dialog = this.#dialog
    this.#content.replaceChildren(document.adoptNode(content))
    dialog.ariaLabel = content.querySelector("h1, h2")?.textContent.trim() ?? page.title
    if (!dialog.open) dialog.showModal()
    dialog.scrollTop = 0
    announceContent()
    return true
  }

  #isOutside({ clientX, clientY }) {
    const { left, right, top, bottom } = this.#dialog.getBoundingClientRect()
    return clientX < left || clientX > right || clientY < top || clientY > bottom
  }
}

customElements.define("sheet-host", SheetHost)
