import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from '../words/use-words.ts'

type Props = {
  title: string
  /** Esc, the close button, and a scan behind it. */
  onClose: () => void
  /** Wide enough for a bill or a table. */
  wide?: boolean
  children: ReactNode
}

/** A modal dialog. The browser keeps the focus inside and gives it back; a scan works all the same. */
export function Dialog({ title, onClose, wide, children }: Props) {
  const i18n = useWords()
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) dialog.showModal()
  }, [])
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={titleId}>{title}</h2>
      <div className="dialog-body">{children}</div>
      {/* Last, so that the first thing with the focus is what the dialog is about. */}
      <button
        type="button"
        className="quiet square dialog-close"
        aria-label={i18n._('dialog.close', {}, { message: 'Close' })}
        onClick={onClose}
      >
        ✕
      </button>
    </dialog>
  )
}
