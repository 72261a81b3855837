// Makes the sound of an alarm. A browser lets a page sound only after a first touch; until then this says so.

import { burstOf, type Priority } from "./alarm-model";

const volume = 0.25;
const fadeSeconds = 0.02;

let context: AudioContext | null = null;
let playing: { priority: Priority; next: number; gain: GainNode } | null = null;

function wake(): void {
  context ??= new AudioContext();
  if (context.state === "suspended") {
    void context.resume();
  }
}

// To begin takes a tenth of a second, in which nothing else runs: not when a finger goes down, it may be on STOP.
for (const touch of ["pointerup", "keyup"]) {
  document.addEventListener(touch, wake, { capture: true });
}

/** Whether the browser would let an alarm sound now. */
export function canSound(): boolean {
  return context?.state === "running";
}

/** Goes on sounding a priority, begins it, or falls silent at once. Called again and again. */
export function sound(priority: Priority | null): void {
  if (playing !== null && playing.priority !== priority) {
    playing.gain.disconnect();
    playing = null;
  }
  if (priority === null || context === null || context.state !== "running") {
    return;
  }

  const now = context.currentTime;
  if (playing === null) {
    const gain = context.createGain();
    gain.connect(context.destination);
    playing = { priority, next: now, gain };
  }
  if (now < playing.next) {
    return;
  }

  const burst = burstOf(priority);
  for (const { at, long } of burst.beeps) {
    beep(context, playing.gain, burst.hertz, now + at, long);
  }
  playing.next = now + burst.repeatSeconds;
}

/** A tone with its second and third harmonic: easier to place in a room than a pure one. */
function beep(on: AudioContext, out: AudioNode, hertz: number, at: number, long: number): void {
  const envelope = on.createGain();
  envelope.gain.setValueAtTime(0, at);
  envelope.gain.linearRampToValueAtTime(volume, at + fadeSeconds);
  envelope.gain.setValueAtTime(volume, at + long - fadeSeconds);
  envelope.gain.linearRampToValueAtTime(0, at + long);
  envelope.connect(out);
  for (const [harmonic, share] of [[1, 0.6], [2, 0.25], [3, 0.15]] as const) {
    const tone = on.createOscillator();
    const part = on.createGain();
    tone.frequency.value = hertz * harmonic;
    part.gain.value = share;
    tone.connect(part).connect(envelope);
    tone.start(at);
    tone.stop(at + long);
  }
}
