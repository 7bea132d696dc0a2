import type { Scan } from './types.ts'

/** A scanner's keys follow each other within a few ms, over Bluetooth within 40; people need 60 and more. */
const GAP_MS_MAX = 50
const LENGTH_MIN = 4
/**
 * From this character on a burst is held back from the field: typing thirteen digits into it costs a till
 * more than the line that they make. People's fastest fingers manage two.
 */
const HELD_FROM = 3
const FNC1 = '\u001d'

/** The part of a keyboard event that decides. `atMs` is when the key was pressed, not when it was handled. */
export type Key = { key: string; ctrl: boolean; alt: boolean; meta: boolean; repeat: boolean; atMs: number }

/** What a key means: part of a burst so far, the Enter that makes the burst a scan, or neither. */
export type Heard = { kind: 'burst'; length: number } | { kind: 'scan'; text: string } | { kind: 'other' }

/** Tells scanners from people by the time between keys. Pure: knows no event and no element. */
export function createWedge(): (key: Key) => Heard {
  let text = ''
  let lastAtMs = Number.NEGATIVE_INFINITY

  return (key) => {
    if (isModifier(key.key)) return { kind: 'other' }
    const fast = key.atMs - lastAtMs <= GAP_MS_MAX && !key.repeat
    lastAtMs = key.atMs
    if (key.key === 'Enter' && fast && text.length >= LENGTH_MIN) {
      const scanned = text
      text = ''
      return { kind: 'scan', text: scanned }
    }
    const character = characterOf(key)
    if (character === undefined || key.repeat) {
      text = ''
      return { kind: 'other' }
    }
    text = fast ? text + character : character
    return { kind: 'burst', length: text.length }
  }
}

function isModifier(key: string): boolean {
  return key === 'Shift' || key === 'Control' || key === 'Alt' || key === 'CapsLock' || key === 'NumLock'
}

function characterOf({ key, ctrl, alt, meta }: Key): string | undefined {
  // Scanners send FNC1 as the control character or as the key that makes it on a terminal.
  if (key === FNC1 || (ctrl && key === ']')) return FNC1
  if (ctrl || alt || meta) return undefined
  return key.length === 1 ? key : undefined
}

export type ScanListener = {
  onScan(scan: Scan): void
  /**
   * A character was typed while no field had the focus: the search box, which is then focused, so that
   * typing anywhere is a search. undefined leaves the key alone.
   */
  searchBox(): HTMLInputElement | null | undefined
}

type Field = HTMLInputElement | HTMLTextAreaElement

/**
 * Hears scans on every screen, wherever the focus is (a field, a button, a dialog or nothing). The
 * burst's characters are taken out of the field again and its Enter reaches nobody else. A burst that
 * becomes no scan reaches its field, all of it, a moment later. Returns the way to stop.
 */
export function listenForScans(listener: ScanListener): () => void {
  const hear = createWedge()
  let field: { element: Field; before: string } | undefined
  let held = ''
  let pause = 0

  function release(): void {
    window.clearTimeout(pause)
    if (held !== '' && field) insert(field.element, held)
    held = ''
  }

  function hold(event: KeyboardEvent): void {
    event.preventDefault()
    event.stopImmediatePropagation()
    held += event.key
    window.clearTimeout(pause)
    pause = window.setTimeout(release, GAP_MS_MAX)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return
    const heard = hear({
      key: event.key,
      ctrl: event.ctrlKey,
      alt: event.altKey,
      meta: event.metaKey,
      repeat: event.repeat,
      atMs: event.timeStamp,
    })
    if (heard.kind === 'other') {
      if (!isModifier(event.key)) release()
      return
    }
    if (heard.kind === 'burst') {
      if (heard.length === 1) {
        release()
        field = fieldAtStart(event, listener)
      } else if (heard.length >= HELD_FROM && isHeld(event) && field) hold(event)
      else release()
      return
    }
    event.preventDefault()
    event.stopImmediatePropagation()
    window.clearTimeout(pause)
    held = ''
    const before = field?.before ?? ''
    if (field) putBack(field.element, before)
    listener.onScan({ text: heard.text, before })
  }

  // The capture phase comes before any handler of a screen, so Enter cannot press a focused button.
  window.addEventListener('keydown', onKeyDown, { capture: true })
  return () => {
    release()
    window.removeEventListener('keydown', onKeyDown, { capture: true })
  }
}

/** Signs are never held: screens have commands on some of them, as + after an amount. */
function isHeld({ key, ctrlKey }: KeyboardEvent): boolean {
  return !ctrlKey && /^[0-9A-Za-z]$/.test(key)
}

function fieldAtStart(
  event: KeyboardEvent,
  listener: ScanListener,
): { element: Field; before: string } | undefined {
  const focused = document.activeElement
  if (focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement) {
    return { element: focused, before: focused.value }
  }
  // Space presses the button that has the focus; every other character may begin a search.
  if (event.key === ' ' && focused !== document.body) return undefined
  const box = listener.searchBox()
  if (!box) return undefined
  box.focus()
  return { element: box, before: box.value }
}

function putBack(element: Field, value: string): void {
  if (element.value === value) return
  const prototype =
    element instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  // React replaces the element's own setter; the prototype's makes it notice the change.
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, value)
  element.dispatchEvent(new Event('input', { bubbles: true }))
}

/** As if it were typed at the caret now. */
function insert(element: Field, text: string): void {
  const { selectionStart, selectionEnd, value, maxLength } = element
  const from = selectionStart ?? value.length
  const to = selectionEnd ?? from
  const room = maxLength < 0 ? text.length : Math.max(0, maxLength - (value.length - (to - from)))
  element.setRangeText(text.slice(0, room), from, to, 'end')
  element.dispatchEvent(new Event('input', { bubbles: true }))
}
