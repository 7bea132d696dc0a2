import { formatAmount } from '@nexus/domain'
import { useEffect, useRef } from 'react'
import type { SearchResult } from '../app/state.ts'
import { useTill, useTillState } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'

/** Products that fit what was typed. They lie over the cart's upper part; its newest lines stay in sight. */
export function SearchResults() {
  const till = useTill()
  const i18n = useWords()
  const search = useTillState((state) => state.search)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[search.at]?.scrollIntoView({ block: 'nearest' })
  }, [search.at])
  if (search.text.trim() === '' || search.results.length === 0) return null
  return (
    // The focus stays in the box, which names the marked row; rows are for eyes and fingers.
    <div
      ref={list}
      id="scan-results"
      role="listbox"
      className="results"
      aria-label={i18n._('scan.results', {}, { message: 'Products found' })}
      tabIndex={-1}
    >
      {search.results.map((result, at) => (
        <div
          key={result.productId}
          id={`result-${at}`}
          role="option"
          tabIndex={-1}
          aria-selected={at === search.at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => till.cart.choose(result.productId)}
          // Keys are the box's: it holds the focus.
          onKeyDown={undefined}
        >
          <Result result={result} />
        </div>
      ))}
    </div>
  )
}

function Result({ result }: { result: SearchResult }) {
  const i18n = useWords()
  const { names, brand, sku, unitMinor, mrpMinor } = result
  return (
    <>
      <span className="name">
        {names[i18n.locale] ?? names.en}
        <small>
          {brand} · {sku}
        </small>
      </span>
      <span className="mrp">
        {mrpMinor !== undefined &&
          i18n._('scan.mrp', { mrp: formatAmount(mrpMinor) }, { message: 'MRP {mrp}' })}
      </span>
      <b className="amount">
        {unitMinor === undefined
          ? i18n._('scan.not-sellable', {}, { message: 'not for sale' })
          : formatAmount(unitMinor)}
      </b>
    </>
  )
}
