/**
 * <more-rows data-most="12"> adds an empty row when its button is pressed. Without this the button
 * asks the server for the same form with more rows.
 */
class MoreRows extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#clicked)
  }

  #clicked = (event) => {
    const button = event.target.closest("button[name=more]")
    if (!button) return
    event.preventDefault()
    const rows = this.querySelectorAll("[data-row]")
    const last = rows[rows.length - 1]
    const row = emptied(last.cloneNode(true), rows.length)
    last.after(row)
    renumberDays(this.closest("form"))
    button.hidden = rows.length + 1 >= Number(this.dataset.most)
    row.querySelector("input:not([type=hidden])").focus()
  }
}

/** A copy of a row as one in which nothing was typed; `place` counts from 0. */
function emptied(row, place) {
  for (const mistake of row.querySelectorAll(".field__error")) mistake.remove()
  for (const each of row.querySelectorAll("[id], [for]")) {
    for (const name of ["id", "for"]) {
      const value = each.getAttribute(name)
      if (value) each.setAttribute(name, value.replace(/(-\d+)?$/, `-${place}`))
    }
  }
  for (const number of row.querySelectorAll("[data-number]")) number.textContent = place + 1
  for (const field of row.querySelectorAll("input:not([type=hidden])")) {
    field.removeAttribute("aria-invalid")
    field.removeAttribute("aria-describedby")
    if (field.type === "checkbox") field.checked = false
    else field.value = ""
  }
  return row
}

/** A weekday is sent with the place of its line among all lines: "2:6" is Saturday of the third. */
function renumberDays(form) {
  const times = [...form.querySelectorAll("[name=times]")]
  for (const day of form.querySelectorAll("[name=line_day]")) {
    const time = day.closest("[data-row]").querySelector("[name=times]")
    day.value = `${times.indexOf(time)}:${day.value.split(":")[1]}`
  }
}

customElements.define("more-rows", MoreRows)
