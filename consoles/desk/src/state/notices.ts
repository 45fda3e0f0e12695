/** Sound, browser notification and a number in the title, while the person has them switched on. */

import { reactive } from "vue";
import { words } from "../words";
import { preferences } from "./preferences";

const BEEP_SECONDS = 0.25;
/** Browsers play nothing before the first click or key on a page. */
export const sound = reactive({ blocked: false });
/** Whether the person, or their house, told the browser to show no notices of this page. */
export const shown = reactive({ refused: "Notification" in window && Notification.permission === "denied" });
let audio: AudioContext | undefined;
let quiet = 0;
let missed = 0;
const title = document.title;

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  missed = 0;
  document.title = title;
});

export function announce(what: keyof typeof words.value.notice, text: string): void {
  if (!preferences.notices) return;
  beep(what === "alert" ? 880 : 440);
  if (!document.hidden) return;
  document.title = `(${++missed}) ${title}`;
  if ("Notification" in window && Notification.permission === "granted") {
    new Notification(words.value.notice[what], { body: text, tag: what });
  }
}

/** Browsers ask only after a click, so this is called by the switch and by who goes online. */
export async function allowNotices(): Promise<void> {
  if (!preferences.notices || !("Notification" in window)) return;
  if (Notification.permission === "default") await Notification.requestPermission();
  shown.refused = Notification.permission === "denied";
}

/** One at a time, however much happens at once. */
function beep(hertz: number): void {
  sound.blocked = !navigator.userActivation.hasBeenActive;
  if (sound.blocked) return;
  audio ??= new AudioContext();
  const at = audio.currentTime;
  if (at < quiet) return;
  quiet = at + BEEP_SECONDS;
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.08, at);
  volume.gain.exponentialRampToValueAtTime(0.001, quiet);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(quiet);
}

for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => (sound.blocked = false));
