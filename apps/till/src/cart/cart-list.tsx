import { useEffect, useRef, useState } from 'react'
import { useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { CartRow } from './cart-row.tsx'
import { EmptyCart } from './empty-cart.tsx'

/** Height of a row, the same as `--row` in the styles. */
const ROW_PX = 64
/** Rows in the document at once; a cart may hold 200. */
const ROWS_MAX = 30
/** The rows in the document move on by so many at once, not with each pixel. */
const STEP = 4

/** The lines. Rows have one height, so that nothing moves under the finger, and only those in sight are drawn. */
export function CartList() {
  const i18n = useWords()
  const rows = useTillState((state) => state.rows)
  const selected = useTillState((state) => state.selected)
  const flash = useTillState((state) => state.flash)
  const at = rows.findIndex((row) => row.uid === selected)
  const [first, setFirst] = useState(0)
  const [shownAt, setShownAt] = useState(at)
  const list = useRef<HTMLDivElement>(null)
  if (at !== shownAt) {
    // The chosen line is drawn at once; the scrolling that follows finds it there.
    setShownAt(at)
    if (at < first || at >= first + ROWS_MAX) setFirst(stepBelow(at - ROWS_MAX / 2))
  }
  useEffect(() => {
    const box = list.current
    if (box === null || at < 0) return
    const top = at * ROW_PX
    if (top < box.scrollTop) box.scrollTop = top
    else if (top + ROW_PX > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW_PX - box.clientHeight
  }, [at])

  const from = rows.length <= ROWS_MAX ? 0 : Math.min(first, rows.length - ROWS_MAX)
  const shown = rows.slice(from, from + ROWS_MAX)
  return (
    <div
      ref={list}
      className="cart"
      onScroll={(event) => setFirst(stepBelow(event.currentTarget.scrollTop / ROW_PX - 2))}
    >
      {rows.length === 0 ? (
        <EmptyCart />
      ) : (
        <ol
          aria-label={i18n._('cart.label', {}, { message: 'Lines of the bill' })}
          style={{ height: rows.length * ROW_PX, paddingTop: from * ROW_PX }}
        >
          {shown.map((row) => (
            <CartRow
              key={row.uid}
              row={row}
              total={rows.length}
              selected={row.uid === selected}
              flash={flash?.uid === row.uid ? flash.serial : 0}
            />
          ))}
        </ol>
      )}
    </div>
  )
}

function stepBelow(row: number): number {
  return Math.max(0, Math.floor(row / STEP) * STEP)
}
