import { deviceZone } from "../lib/device.js"

/** <zone-guess> fills the `time_zone` in it with the device's own, unless one was chosen. */
class ZoneGuess extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("[name=time_zone]")
    const zone = deviceZone()
    const isKnown = !field.options || [...field.options].some(({ value }) => value === zone)
    if (isKnown && !this.hasAttribute("data-chosen")) field.value = zone
  }
}

customElements.define("zone-guess", ZoneGuess)
