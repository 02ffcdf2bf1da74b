/** <password-reveal>: its button shows what is typed; submitting hides it again. */
class PasswordReveal extends HTMLElement {
  connectedCallback() {
    this.#button.addEventListener("click", () => this.#show(this.#input.type === "password"))
    this.#input.form?.addEventListener("submit", () => this.#show(false))
  }

  #show(isShown) {
    this.#input.type = isShown ? "text" : "password"
    this.#button.setAttribute("aria-pressed", isShown)
  }

  get #input() {
    return this.querySelector("input")
  }

  get #button() {
    return this.querySelector("button")
  }
}

customElements.define("password-reveal", PasswordReveal)
