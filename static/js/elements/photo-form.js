import { deviceId } from "../lib/device.js"
import { photoDrafts } from "../lib/drafts.js"
import { takenOn } from "../lib/photo_date.js"
import { isServerThere } from "../lib/post.js"

const LONGEST_SIDE = 2048
const QUALITY = 0.9
const SHARED = "shared"

/**
 * <photo-form> prepares the files chosen in its form: it shows them, makes each a JPEG of at
 * most 2,048 pixels (which leaves place and camera behind on this device), and offers the day
 * they were taken. What this browser cannot decode (HEIC) goes up as it is.
 *
 * Each file field stands in a `[data-slot]` with `.photo-slot__picture`, `.photo-slot__state` and
 * a `[data-remove]` button; its words are data attributes of this element. The form is submitted by the browser itself;
 * where the server cannot be reached, each photo waits in the outbox instead.
 */
class PhotoForm extends HTMLElement {
  #working = new Set()
  #isSending = false
  #isReached = false

  connectedCallback() {
    this.addEventListener("change", this.#changed)
    this.addEventListener("submit", this.#submitted)
    this.addEventListener("click", this.#removed)
    this.querySelector("[data-use-day]")?.addEventListener("click", this.#useDay)
    addEventListener("pageshow", this.#shown)
    const device = this.querySelector("[name=device]")
    if (device) device.value = deviceId()
    this.#offerShared()
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this.#shown)
  }

  // Events

  #changed = ({ target }) => {
    if (target.type !== "file") return
    const work = this.#prepare(target).finally(() => this.#working.delete(work))
    this.#working.add(work)
  }

  #removed = ({ target }) => {
    const slot = target.closest("[data-remove]")?.closest("[data-slot]")
    const field = slot?.querySelector("input")
    if (!field) return
    field.value = ""
    field.dispatchEvent(new Event("change", { bubbles: true }))
    field.focus()
  }

  #submitted = async (event) => {
    if (this.#isSending) return event.preventDefault()
    if (this.#working.size > 0) {
      event.preventDefault()
      await Promise.all(this.#working)
      event.target.requestSubmit(event.submitter)
      return
    }
    this.#isSending = true
    this.#progress.textContent = this.dataset.sending
    if (!navigator.serviceWorker?.controller || this.#isReached) return
    event.preventDefault()
    this.#isReached = await isServerThere()
    if (!this.#isReached && (await this.#queue(event.target).catch(() => false))) return
    this.#isSending = false
    event.target.requestSubmit(event.submitter)
  }

  /** Put each photo, and what was measured, into the outbox; then show the photos. */
  async #queue(form) {
    const drafts = photoDrafts(form)
    if (!drafts.length) return false
    const { outbox } = await import("../lib/page_outbox.js")
    const entries = await outbox.add(...drafts)
    this.dispatchEvent(new CustomEvent("queued", { bubbles: true, detail: { entries } }))
    location.assign(document.querySelector("#main a[href]").href)
    return true
  }

  /** The browser restored the page: it can be sent again. */
  #shown = () => {
    this.#isSending = this.#isReached = false
    this.#progress.textContent = ""
  }

  #useDay = () => {
    const { hidden, dataset } = this.#offer
    if (hidden) return
    this.#day.value = dataset.taken
    this.#offer.hidden = true
    this.#day.focus()
  }

  // Private

  get #day() {
    return this.querySelector("[name=on]")
  }

  get #offer() {
    return this.querySelector("[data-taken]")
  }

  get #progress() {
    return this.querySelector("[data-progress]")
  }

  async #prepare(field) {
    const slot = field.closest("[data-slot]")
    const state = slot.querySelector(".photo-slot__state")
    const [file] = field.files
    show(slot, null)
    slot.toggleAttribute("data-chosen", Boolean(file))
    state.textContent = file ? this.dataset.reading : ""
    if (!file) return
    const day = takenOn(await file.arrayBuffer().catch(() => new ArrayBuffer(0)))
    const small = await shrink(file).catch(() => null)
    if (field.files[0] !== file) return
    if (small) {
      put(small, field)
      show(slot, small)
    }
    state.textContent = small ? this.dataset.ready : this.dataset.whole
    this.#offerDay(day)
  }

  /** Show a photo that another app shared first; it goes to the chosen view. */
  async #offerShared() {
    const place = this.querySelector("[data-shared]")
    const shared = place && (await self.caches?.open(SHARED).catch(() => null))
    const [key] = (await shared?.keys()) ?? []
    if (place) place.hidden = !key
    if (!key) return
    const blob = await (await shared.match(key)).blob()
    show(place, blob)
    place.onclick = async ({ target }) => {
      const { field } = target.closest("button")?.dataset ?? {}
      if (field === undefined) return
      await shared.delete(key)
      this.#offerShared()
      if (!field) return
      const chosen = this.querySelector(`[name="${field}"]`)
      put(new File([blob], SHARED, { type: blob.type }), chosen)
      chosen.dispatchEvent(new Event("change", { bubbles: true }))
    }
  }

  #offerDay(day) {
    const { value, max } = this.#day
    if (!day || day === value || day > max) return
    const offer = this.#offer
    offer.dataset.taken = day
    offer.querySelector("[data-taken-day]").textContent = new Intl.DateTimeFormat(
      document.documentElement.lang,
      { dateStyle: "long", timeZone: "UTC" },
    ).format(new Date(day))
    offer.hidden = false
  }
}

function put(file, field) {
  const files = new DataTransfer()
  files.items.add(file)
  field.files = files.files
}

/** A JPEG of the picture, upright, no longer than it has to be. Rejects what cannot be decoded. */
async function shrink(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" })
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = canvas.getContext("2d")
  context.imageSmoothingQuality = "high"
  context.fillStyle = "#fff"
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY))
  return blob && new File([blob], "photo.jpg", { type: "image/jpeg" })
}

/** The chosen picture in its place, or the drawing of the view again. */
function show(slot, file) {
  const place = slot.querySelector(".photo-slot__picture")
  const old = place.querySelector("img")
  if (old) {
    URL.revokeObjectURL(old.src)
    old.remove()
  }
  if (!file) return
  const image = document.createElement("img")
  image.alt = ""
  image.src = URL.createObjectURL(file)
  place.append(image)
}

customElements.define("photo-form", PhotoForm)
