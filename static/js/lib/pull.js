const HEAD = ".sheet__grabber, .sheet__head"
const PRESSABLE = "a, button, input, select, textarea, label"
const FAR = 96
const FAST = 0.6

/** Lets a finger or pointer pull a sheet down by its head; far or fast enough, it is closed. */
export class Pull {
  #sheet
  #close
  #start = null

  constructor(sheet, close) {
    this.#sheet = sheet
    this.#close = close
    sheet.addEventListener("pointerdown", this.#pressed)
    sheet.addEventListener("pointermove", this.#moved)
    for (const type of ["pointerup", "pointercancel"]) sheet.addEventListener(type, this.#released)
  }

  #pressed = ({ target, isPrimary, button, pointerId, clientY, timeStamp }) => {
    if (!isPrimary || button || !target.closest(HEAD) || target.closest(PRESSABLE)) return
    this.#start = { clientY, timeStamp }
    this.#sheet.setPointerCapture(pointerId)
    this.#sheet.dataset.pulled = ""
  }

  #moved = ({ clientY }) => {
    if (!this.#start) return
    const down = Math.max(0, clientY - this.#start.clientY)
    this.#sheet.style.translate = `0 ${down}px`
  }

  #released = ({ type, clientY, timeStamp }) => {
    const start = this.#start
    if (!start) return
    this.#start = null
    delete this.#sheet.dataset.pulled
    this.#sheet.style.translate = ""
    const down = clientY - start.clientY
    const isFast = down > FAR / 3 && down / (timeStamp - start.timeStamp) > FAST
    if (type === "pointerup" && (down > FAR || isFast)) this.#close()
  }
}
