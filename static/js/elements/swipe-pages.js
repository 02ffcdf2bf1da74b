const FAR = 64
const STEEP = 0.6

/** <swipe-pages> follows its links `rel=prev` and `rel=next` when a finger swipes across it. */
class SwipePages extends HTMLElement {
  #start = null

  connectedCallback() {
    this.addEventListener("pointerdown", this.#pressed)
    this.addEventListener("pointerup", this.#released)
  }

  // A chart reads its values out under a sideways finger, and a table scrolls.
  #pressed = ({ target, pointerType, isPrimary, clientX, clientY }) => {
    const isTaken = target.closest("chart-readout, .table-scroll, input, textarea")
    const isSwipe = pointerType === "touch" && isPrimary && !isTaken
    this.#start = isSwipe ? { clientX, clientY } : null
  }

  #released = ({ clientX, clientY }) => {
    const start = this.#start
    this.#start = null
    if (!start) return
    const across = clientX - start.clientX
    const isSideways = Math.abs(clientY - start.clientY) < STEEP * Math.abs(across)
    if (Math.abs(across) < FAR || !isSideways) return
    this.querySelector(across > 0 ? "a[rel=prev]" : "a[rel=next]")?.click()
  }
}

customElements.define("swipe-pages", SwipePages)
