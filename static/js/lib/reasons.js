import { say } from "./words.js"

/** Say why an entry was refused: in the server's words, if it sent any. */
export function reasonOf({ state, reason, status }) {
  if (reason) return reason
  return state === "refused" ? say("not_accepted", { status }) : say("server_failed")
}
