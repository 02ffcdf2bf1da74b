/** <link-code> takes the code from the end of the link, which no server and no log gets to see. */
class LinkCode extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input")
    if (location.hash.length > 1) {
      field.value = location.hash.slice(1)
      history.replaceState(null, "", location.pathname)
    }
    this.hidden = field.value !== "" && !field.hasAttribute("aria-invalid")
  }
}

customElements.define("link-code", LinkCode)
