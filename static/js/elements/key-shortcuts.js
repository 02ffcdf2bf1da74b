const TYPING = "input, textarea, select, [contenteditable]"

/** <key-shortcuts>: a single key follows the link that names it in `aria-keyshortcuts`. */
class KeyShortcuts extends HTMLElement {
  connectedCallback() {
    document.addEventListener("keydown", this.#pressed)
  }

  #pressed = (event) => {
    const { key, target, ctrlKey, metaKey, altKey, repeat, isComposing, defaultPrevented } = event
    if (ctrlKey || metaKey || altKey || repeat || isComposing || defaultPrevented) return
    if (target.closest?.(TYPING) || document.querySelector("dialog[open]")) return
    const named = [...document.querySelectorAll("[aria-keyshortcuts]")].find(
      (each) => each.getAttribute("aria-keyshortcuts").toLowerCase() === key.toLowerCase(),
    )
    if (!named) return
    event.preventDefault()
    named.click()
  }
}

customElements.define("key-shortcuts", KeyShortcuts)
