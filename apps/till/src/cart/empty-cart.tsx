import { useCatalogue, useRulebook, useTill } from '../app/use-till.ts'
import { useWords } from '../words/use-words.ts'
import { offersNow } from './offers-now.ts'

/** Before the first scan: whether products are here, and what is on offer today. */
export function EmptyCart() {
  const till = useTill()
  const i18n = useWords()
  const phase = useRulebook((state) => state.phase)
  const progress = useRulebook((state) => state.progress)
  const syncing = useRulebook((state) => state.syncing)
  const catalogue = useCatalogue()
  if (catalogue === undefined) {
    return (
      <div className="empty">
        <p className="lead">
          {phase === 'starting'
            ? i18n._('empty.opening', {}, { message: 'Opening the products…' })
            : i18n._('empty.fetching', {}, { message: 'Products and prices are on their way to this till.' })}
        </p>
        {progress !== null && (
          <progress
            max={progress.total}
            value={progress.done}
            aria-label={i18n._('empty.progress', {}, { message: 'Products received' })}
          />
        )}
        {phase === 'empty' && !syncing && (
          <button type="button" onClick={() => void till.parts.rulebook.sync()}>
            {i18n._('empty.fetch', {}, { message: 'Fetch them now' })}
          </button>
        )}
      </div>
    )
  }
  const offers = offersNow(catalogue.rulebook.offers, till.pricingContext(till.now()))
  return (
    <div className="empty">
      <p className="lead">{i18n._('empty.scan', {}, { message: 'Scan the first product' })}</p>
      <p>
        {i18n._(
          'empty.count',
          { count: catalogue.products },
          {
            message: '{count, plural, one {# product} other {# products}} ready, online or not',
          },
        )}
      </p>
      {offers.length > 0 && (
        <>
          <h2>{i18n._('empty.offers', {}, { message: 'On offer today' })}</h2>
          <ul>
            {offers.slice(0, 6).map((offer) => (
              <li key={offer.id}>{offer.name}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
