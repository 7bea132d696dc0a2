import { formatQuantity } from '@nexus/domain'
import { useEffect, useRef, useState } from 'react'
import { SCAN_BOX } from '../app/use-keyboard.ts'
import { useTill, useTillState } from '../app/use-till.ts'
import { canScanByCamera, readEntered } from '../scan/index.ts'
import { useWords } from '../words/use-words.ts'
import { SearchResults } from './search-results.tsx'

/** A scanner's keys come closer together than this, so that a scan is never searched for letter by letter. */
const PAUSE_MS = 60

/** The one box: what is typed is searched, Enter adds, `3*` in front is a quantity. */
export function ScanBox() {
  const till = useTill()
  const i18n = useWords()
  const text = useTillState((state) => state.search.text)
  const results = useTillState((state) => state.search.results)
  const at = useTillState((state) => state.search.at)
  const hasCamera = useCamera()
  const finds = useTillState((state) => state.finds)
  const clears = useTillState((state) => state.clears)
  const box = useRef<HTMLInputElement>(null)
  const pause = useRef(0)
  useEffect(() => {
    window.clearTimeout(pause.current)
    if (clears > 0 && box.current) box.current.value = ''
  }, [clears])
  useEffect(() => {
    if (finds > 0) box.current?.focus()
  }, [finds])
  const { quantityMilli, quantityGiven } = readEntered(text)
  return (
    <search className="scan">
      <div className="scan-field">
        <label htmlFor={SCAN_BOX} className="spoken">
          {i18n._('scan.label', {}, { message: 'Scan or type a name, code or number' })}
        </label>
        <input
          ref={box}
          id={SCAN_BOX}
          type="text"
          role="combobox"
          aria-expanded={results.length > 0}
          aria-controls="scan-results"
          aria-autocomplete="list"
          {...(results.length > 0 && { 'aria-activedescendant': `result-${at}` })}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="done"
          placeholder={i18n._('scan.label', {}, { message: 'Scan or type a name, code or number' })}
          onInput={(event) => {
            const { value } = event.currentTarget
            window.clearTimeout(pause.current)
            pause.current = window.setTimeout(() => void till.cart.search(value), PAUSE_MS)
          }}
        />
        {quantityGiven && <b className="times">× {formatQuantity(quantityMilli)}</b>}
        {!quantityGiven && text === '' && (
          <span className="times hint" aria-hidden="true">
            {i18n._('scan.quantity-hint', {}, { message: '3* = three' })}
          </span>
        )}
        {hasCamera && (
          <button
            type="button"
            className="quiet square"
            aria-label={i18n._('scan.camera', {}, { message: 'Scan with the camera' })}
            onClick={() => till.store.setState({ dialog: { kind: 'camera' } })}
          >
            ⌖
          </button>
        )}
      </div>
      <SearchResults />
    </search>
  )
}

function useCamera(): boolean {
  const [has, setHas] = useState(false)
  useEffect(() => {
    canScanByCamera().then(setHas, () => setHas(false))
  }, [])
  return has
}
