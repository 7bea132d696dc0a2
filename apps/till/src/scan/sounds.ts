import { readPreferences } from '../device/preferences.ts'
import type { Sound } from './types.ts'

/** Tones in Hz, one after another. Apart in pitch and rhythm, so that a cashier need not look. */
const TONES: Readonly<Record<Sound, { hz: readonly number[]; eachMs: number; shape: OscillatorType }>> = {
  good: { hz: [1760], eachMs: 60, shape: 'sine' },
  bad: { hz: [220, 165], eachMs: 140, shape: 'square' },
  done: { hz: [880, 1175, 1568], eachMs: 80, shape: 'sine' },
}
const VOLUME = 0.15

let audio: AudioContext | undefined

/** Plays a short sound unless the switch on this device is off. Never throws: a till without sound sells. */
export function playSound(sound: Sound): void {
  if (!readPreferences().sound) return
  try {
    audio ??= new AudioContext()
    // Browsers start audio suspended until somebody touched the page.
    if (audio.state === 'suspended') audio.resume().catch(() => undefined)
    const { hz, eachMs, shape } = TONES[sound]
    const gain = new GainNode(audio, { gain: VOLUME })
    gain.connect(audio.destination)
    hz.forEach((frequency, at) => {
      if (!audio) return
      const tone = new OscillatorNode(audio, { type: shape, frequency })
      tone.connect(gain)
      tone.start(audio.currentTime + (at * eachMs) / 1000)
      tone.stop(audio.currentTime + ((at + 1) * eachMs) / 1000)
    })
  } catch {
    // No audio device.
  }
}
