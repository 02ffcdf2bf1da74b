/** An element with a class and a text; a button submits nothing. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag)
  if (tag === "button") element.type = "button"
  if (className) element.className = className
  element.textContent = text
  return element
}
