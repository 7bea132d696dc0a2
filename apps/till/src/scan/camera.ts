import type { CameraScan } from './types.ts'

/** Chromium's shape detection; TypeScript's library does not have it yet. */
type Detector = { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }
type DetectorClass = {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}

const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'itf', 'data_matrix', 'qr_code']
const EVERY_MS = 120
/** One look at a pack gives many frames; the same code again is the same pack within this time. */
const SAME_CODE_MS = 1500

// The browser puts the class on the global object; nothing else does under this name.
const detectorClass = () => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector

/** True where this browser reads barcodes from a camera by itself (Android, macOS; not desktop Linux). */
export async function canScanByCamera(): Promise<boolean> {
  if (!detectorClass() || !navigator.mediaDevices) return false
  return (await detectorClass()?.getSupportedFormats())?.includes('ean_13') ?? false
}

/**
 * Shows the back camera in `video` and reports each code once. Rejects with the browser's
 * `NotAllowedError` when the person says no, `NotFoundError` without a camera.
 */
export async function scanByCamera(
  video: HTMLVideoElement,
  onCode: (text: string) => void,
): Promise<CameraScan> {
  const Detector = detectorClass()
  if (!Detector) throw new DOMException('this browser reads no barcodes', 'NotSupportedError')
  const supported = await Detector.getSupportedFormats()
  const detector = new Detector({ formats: FORMATS.filter((format) => supported.includes(format)) })
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1280 } },
  })
  video.srcObject = stream
  await video.play()

  let last = { text: '', atMs: 0 }
  let running = true
  async function look(): Promise<void> {
    if (!running) return
    const found = await detector.detect(video).catch(() => [])
    for (const { rawValue } of found) {
      const atMs = performance.now()
      if (rawValue !== last.text || atMs - last.atMs > SAME_CODE_MS) onCode(rawValue)
      last = { text: rawValue, atMs }
    }
    if (running) setTimeout(look, EVERY_MS)
  }
  await look()

  return {
    stop() {
      running = false
      for (const track of stream.getTracks()) track.stop()
      video.srcObject = null
    },
  }
}
