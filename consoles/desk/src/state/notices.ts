/** Sound, browser notification and a number in the title, while the person has them switched on. */

import { words } from "../words";
import { preferences } from "./preferences";

let missed = 0;
const title = document.title;

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  missed = 0;
  document.title = title;
});

export function announce(what: keyof typeof words.value.notice, text: string): void {
  if (!preferences.notices) return;
  beep();
  if (!document.hidden) return;
  document.title = `(${++missed}) ${title}`;
  if ("Notification" in window && Notification.permission === "granted") {
    new Notification(words.value.notice[what], { body: text, tag: what });
  }
}

/** Browsers ask only after a click, so this is called by the switch. */
export async function allowNotices(): Promise<void> {
  if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
}

function beep(): void {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.25);
  tone.connect(volume).connect(audio.destination);
  tone.onended = () => void audio.close();
  tone.start();
  tone.stop(audio.currentTime + 0.25);
}
