/** An element with a class and a text. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.textContent = text
  return element
}

/** A button that does `act` and submits nothing. */
export function button(text, className, act) {
  const element = make("button", className, text)
  element.type = "button"
  element.onclick = act
  return element
}
