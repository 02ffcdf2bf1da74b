import { Pull } from "../lib/pull.js"
import { announceContent, fetchPage } from "../lib/swap.js"

const INVALID = 422
const BACK_WITHIN = 400

/**
 * <sheet-host> opens links with `data-sheet` in its <dialog>: the `[data-sheet-content]` of the
 * page behind the link. Each sheet is one entry of the history, so that Back closes it or returns
 * to the sheet before, and Forward opens it again. Its head can be pulled down to close it.
 * Whatever goes wrong, the link or form works as if this were not here.
 */
class SheetHost extends HTMLElement {
  #isBack = false
  #isNative = false
  #pressedOutside = false
  #leaving = Promise.resolve()

  connectedCallback() {
    document.addEventListener("click", this.#clicked)
    addEventListener("popstate", this.#moved)
    this.addEventListener("done", this.#close)
    this.addEventListener("submit", this.#submitted)
    this.#dialog.addEventListener("pointerdown", this.#pressed)
    this.#dialog.addEventListener("close", this.#closed)
    new Pull(this.#dialog, this.#close)
    this.#moved()
  }

  // Events

  #clicked = (event) => {
    const { target, button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented } = event
    if (defaultPrevented || button || ctrlKey || metaKey || shiftKey || altKey) return
    const link = target.closest("a[data-sheet]")
    const closes = this.contains(target) && target.closest("[data-close]")
    if (link || closes) event.preventDefault()
    // The echo of the tap that took the dose.
    if (link?.matches("[data-just] .check")) return
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

  /** Back or Forward, or a page that was left with an open sheet: open what the history names. */
  #moved = async () => {
    const url = history.state?.sheet
    if (!url) {
      this.#isBack = this.#dialog.open
      return this.#close()
    }
    const { page } = await fetchPage(url).catch(() => ({}))
    if (history.state?.sheet === url && !this.#show(page, url)) location.assign(url)
  }

  #close = () => this.#dialog.close()

  #closed = () => {
    this.#content.replaceChildren()
    const isBack = this.#isBack
    this.#isBack = false
    const { sheet, depth } = history.state ?? {}
    // By now Forward may have reached the entry that Back has just left.
    if (isBack || !sheet) return
    // A reload on the way must not open it again.
    history.replaceState(null, "")
    this.#leaving = new Promise((resolve) => {
      addEventListener("popstate", resolve, { once: true })
      setTimeout(resolve, BACK_WITHIN)
    })
    history.go(-depth)
  }

  // Private

  get #dialog() {
    return this.querySelector("dialog")
  }

  get #content() {
    return this.querySelector(".sheet__content")
  }

  async #open(link) {
    link.ariaBusy = "true"
    const url = link.getAttribute("href")
    const [{ page }] = await Promise.all([
      fetchPage(link.href).catch(() => ({})),
      // A sheet that closes leaves the history first.
      this.#leaving,
    ])
    link.ariaBusy = null
    const depth = this.#dialog.open ? (history.state?.depth ?? 0) : 0
    if (!this.#show(page, url)) location.assign(link.href)
    else history.pushState({ sheet: url, depth: depth + 1 }, "")
  }

  /** A form that is not a logging form: show its errors here, and its success as a page. */
  async #post(form, submitter) {
    const data = new FormData(form, submitter)
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data)
    const action = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action
    const { response, page } = await fetchPage(action, { method: "POST", body }).catch(() => ({}))
    if (response?.status === INVALID && this.#show(page, action)) return
    // Replace the sheet in the history, so that Back does not open the form again.
    if (response?.ok && response.redirected) location.replace(response.url)
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
    content.dataset.readAt = page.body.dataset.readAt ?? document.body.dataset.readAt
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
