import { useEffect } from 'react'
import { useWords } from '../words/use-words.ts'
import { noticeWords } from './notice-words.ts'
import { useTill, useTillState } from './use-till.ts'

/** A refusal must be readable in peace; good news may go sooner. */
const SHOWN_MS = { info: 8000, bad: 12_000 } as const

/** The sentence over the screen, with its way back. It covers nothing that moves and takes no focus. */
export function NoticeBar() {
  const till = useTill()
  const i18n = useWords()
  const notice = useTillState((state) => state.notice)
  useEffect(() => {
    if (notice === undefined) return
    const timer = window.setTimeout(() => {
      if (till.store.getState().notice === notice) till.store.setState({ notice: undefined })
    }, SHOWN_MS[notice.tone])
    return () => window.clearTimeout(timer)
  }, [till, notice])
  return (
    <div className="notice-place">
      {/* The live region is there before its first sentence, or screen readers miss that one. */}
      <div role={notice?.tone === 'bad' ? 'alert' : 'status'} className="notice-live">
        {notice && (
          <div key={notice.serial} className={`notice ${notice.tone}`}>
            <span aria-hidden="true" className="notice-sign">
              {notice.tone === 'bad' ? '!' : 'i'}
            </span>
            <p>{noticeWords(i18n, notice)}</p>
            {notice.undo && (
              <button type="button" className="quiet" onClick={till.cart.undo}>
                {i18n._('notice.undo', {}, { message: 'Undo' })}
              </button>
            )}
            <button
              type="button"
              className="quiet square"
              aria-label={i18n._('notice.dismiss', {}, { message: 'Dismiss' })}
              onClick={() => till.store.setState({ notice: undefined })}
            >
              ✕
            </button>
          </div>
        )}
      </div>
    </div>
  )
}
