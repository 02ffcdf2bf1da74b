const TIMEOUT = 10_000
const SHOWN = 2_500
const UNKNOWN = new Set([401, 403])

/**
 * <auto-save> saves each setting of its form as soon as it changes, alone: what another device
 * did to the others stays. The row says "Saved", or in one sentence why not. Without a
 * connection the control goes back to what the server has.
 *
 * Words: `data-saved`, `data-offline`, `data-signed-out`, `data-failed`. A row is an <li> with
 * a `[data-said]`.
 */
class AutoSave extends HTMLElement {
  #last = Promise.resolve()

  connectedCallback() {
    this.#form.addEventListener("change", this.#changed)
    this.#form.addEventListener("submit", this.#submitted)
  }

  // Events

  #changed = ({ target }) => {
    this.#last = this.#last.then(() => this.#save(target))
  }

  /** Enter in a field: leaving it saves. */
  #submitted = (event) => {
    event.preventDefault()
    document.activeElement?.blur()
  }

  // Private

  get #form() {
    return this.querySelector("form")
  }

  async #save(control) {
    const { name } = control
    const value = control.type === "checkbox" && !control.checked ? "off" : control.value
    const row = control.closest("li")
    this.toggleAttribute("data-busy", true)
    const { isSaved, sentence, isBack } = await this.#post(name, value)
    this.toggleAttribute("data-busy", false)
    if (isSaved) remember(control, row)
    else if (isBack) takeBack(control)
    if (isSaved || isBack) control.removeAttribute("aria-invalid")
    else control.setAttribute("aria-invalid", "true")
    this.#say(row, sentence, isSaved)
    if (isSaved && name === "theme") document.documentElement.dataset.theme = value
    if (isSaved && name === "language") location.reload()
  }

  async #post(name, value) {
    const entry = entryId()
    const headers = { "Outbox-Entry": entry, "Outbox-Account": document.body.dataset.account }
    let response
    try {
      response = await fetch(this.#form.action, {
        method: "POST",
        body: new URLSearchParams([[name, value]]),
        headers,
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(TIMEOUT),
      })
    } catch {
      return { sentence: this.dataset.offline, isBack: true }
    }
    const isOurs = response.headers.get("Outbox-Entry") === entry
    if (response.ok && isOurs) return { isSaved: true, sentence: this.dataset.saved }
    if (response.status === 422 && isOurs) return { sentence: await response.text() }
    if (UNKNOWN.has(response.status)) return { sentence: this.dataset.signedOut, isBack: true }
    const { offline, failed } = this.dataset
    return { sentence: response.status === 500 ? failed : offline, isBack: true }
  }

  #say(row, sentence, isSaved) {
    const said = row.querySelector("[data-said]")
    said.classList.toggle("setting__said--error", !isSaved)
    said.textContent = sentence
    if (!isSaved) return
    setTimeout(() => {
      if (said.textContent === sentence) said.textContent = ""
    }, SHOWN)
  }
}

/** A later failure returns to the value that the server has now. */
function remember(control, row) {
  const { name, type, value, checked } = control
  const was = row.querySelector(`[name="was_${name}"]`)
  if (was) was.value = type === "checkbox" && !checked ? "off" : value
  if (type === "checkbox") control.defaultChecked = checked
  else if (type === "radio") for (const each of radios(control)) each.defaultChecked = each.checked
  else if (control.options) for (const each of control.options) each.defaultSelected = each.selected
  else control.defaultValue = value
}

function takeBack(control) {
  if (control.type === "checkbox") control.checked = control.defaultChecked
  else if (control.type === "radio") {
    for (const each of radios(control)) each.checked = each.defaultChecked
  } else if (control.options) {
    for (const each of control.options) each.selected = each.defaultSelected
  } else control.value = control.defaultValue
}

function radios({ form, name }) {
  return form.querySelectorAll(`[type="radio"][name="${name}"]`)
}

/** A random UUID; `randomUUID` is missing on plain http. */
function entryId() {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}

customElements.define("auto-save", AutoSave)
