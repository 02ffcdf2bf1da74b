/** Signals for a person who does not look at the screen that time is up. */
const NOTES = [0, 0.22, 0.44]
const NOTE_LASTS = 0.16

/** Three rising notes and a buzz. Browsers play sound only once a tap has unlocked it. */
export class Signal {
  #audio = null

  /** Call it in a tap's own handler. */
  unlock() {
    try {
      this.#audio ??= new AudioContext()
      this.#audio.resume().catch(() => {})
    } catch {
      // No sound on this device: the buzz and the words remain.
    }
  }

  give({ withSound }) {
    navigator.vibrate?.([250, 120, 250, 120, 400])
    if (!withSound || !this.#audio) return
    for (const [place, after] of NOTES.entries()) this.#play(660 + 110 * place, after)
  }

  close() {
    this.#audio?.close().catch(() => {})
    this.#audio = null
  }

  #play(frequency, after) {
    const start = this.#audio.currentTime + after
    const note = new OscillatorNode(this.#audio, { frequency })
    const volume = new GainNode(this.#audio, { gain: 0 })
    volume.gain.setValueCurveAtTime([0, 0.5, 0.5, 0], start, NOTE_LASTS)
    note.connect(volume).connect(this.#audio.destination)
    note.start(start)
    note.stop(start + NOTE_LASTS)
  }
}

/** Keeps the screen on while something runs, if the browser can. */
export class LitScreen {
  #lock = null

  async keep() {
    // The browser releases the lock when the page is hidden.
    const lock = this.#lock && (await this.#lock)
    if (lock && !lock.released) return
    this.#lock = navigator.wakeLock?.request("screen").catch(() => null)
  }

  async letGo() {
    const lock = this.#lock
    this.#lock = null
    await (await lock)?.release()
  }
}
