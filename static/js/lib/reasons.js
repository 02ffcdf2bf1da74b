import { say } from "./words.js"

/** Why an entry was not taken: in the server's words, where it said any. */
export function reasonOf({ state, reason, status }) {
  if (reason) return reason
  return state === "refused" ? say("not_accepted", { status }) : say("server_failed")
}
