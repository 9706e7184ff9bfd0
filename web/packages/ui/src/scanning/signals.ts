/** How a scan has gone, for ears and hands: people at a shelf do not look at the screen. */
export type Signal = "good" | "wait" | "bad";

const TONES: Record<Signal, { hertz: number; ms: number }[]> = {
  good: [{ hertz: 1760, ms: 90 }],
  wait: [{ hertz: 880, ms: 70 }, { hertz: 880, ms: 70 }],
  bad: [{ hertz: 220, ms: 260 }, { hertz: 180, ms: 320 }],
};
const SHAKES: Record<Signal, number[]> = { good: [40], wait: [30, 40, 30], bad: [200, 80, 200] };
const GAP_MS = 50;

let context: AudioContext | null = null;

export function signal(kind: Signal, loud: boolean): void {
  // Firefox on desktops and Safari have no vibration.
  if (typeof navigator.vibrate === "function") navigator.vibrate(SHAKES[kind]);
  if (!loud || typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  // Browsers hold sound back until the page has been touched.
  if (context.state === "suspended") void context.resume().catch(() => undefined);
  let at = context.currentTime;
  for (const { hertz, ms } of TONES[kind]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = "square";
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.15, at);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + ms / 1000);
    at += (ms + GAP_MS) / 1000;
  }
}
