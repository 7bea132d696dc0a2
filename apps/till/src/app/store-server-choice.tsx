import { type FormEvent, useState } from 'react'
import { useWords } from '../words/use-words.ts'
import { useJournal, useTill } from './use-till.ts'

const offered = new URLSearchParams(location.search).get('store-server') ?? ''

/**
 * Which store server this till tries first: as headquarters says, or as a person names it here. Its QR opens
 * the till with the address filled in; somebody still has to say yes, since bills go there.
 */
export function StoreServerChoice() {
  const i18n = useWords()
  const { parts } = useTill()
  const { storeServer, atStoreServer } = useJournal((status) => status.hop)
  const [typed, setTyped] = useState(offered)
  const [fault, setFault] = useState(false)

  function save(event: FormEvent): void {
    event.preventDefault()
    const url = URL.parse(typed.trim())
    const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/'
    setFault(!isAddress)
    if (!isAddress) return
    void parts.journal.nameStoreServer(url.origin)
    setTyped('')
  }
  return (
    <details className="store-server" open={offered !== ''}>
      <summary>
        {i18n._('store-server.title', {}, { message: 'Store server' })}:{' '}
        {storeServer === null
          ? i18n._('store-server.none', {}, { message: 'none, this till speaks to headquarters' })
          : atStoreServer
            ? storeServer
            : i18n._(
                'store-server.away',
                { storeServer },
                { message: '{storeServer} does not answer, this till speaks to headquarters' },
              )}
      </summary>
      <form onSubmit={save} noValidate>
        <label htmlFor="store-server-address">
          {i18n._('store-server.address', {}, { message: 'Address of the store server' })}
        </label>
        <input
          id="store-server-address"
          type="url"
          inputMode="url"
          autoComplete="off"
          value={typed}
          aria-invalid={fault}
          aria-describedby={fault ? 'store-server-fault' : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        {fault && (
          <p id="store-server-fault" role="alert">
            {i18n._(
              'store-server.fault',
              {},
              { message: 'Type it as the store server shows it, e.g. https://nexus.shop.lan:4600' },
            )}
          </p>
        )}
        <div className="actions">
          <button type="submit">{i18n._('store-server.use', {}, { message: 'Use this address' })}</button>
          <button type="button" onClick={() => void parts.journal.nameStoreServer(undefined)}>
            {i18n._('store-server.as-told', {}, { message: 'As headquarters says' })}
          </button>
        </div>
      </form>
    </details>
  )
}
