import { deviceZone, remember } from "../lib/device.js"

/**
 * <zone-check data-zone="Europe/Berlin" hidden> asks whether to follow the device's clock; the script
 * in it (inline/zone.js) has shown it. Its `[data-dismiss]` button hides it until the zone changes.
 */
class ZoneCheck extends HTMLElement {
  connectedCallback() {
    this.querySelector("[data-dismiss]").addEventListener("click", () => {
      remember("zone-dismissed", deviceZone())
      this.hidden = true
    })
  }
}

customElements.define("zone-check", ZoneCheck)
