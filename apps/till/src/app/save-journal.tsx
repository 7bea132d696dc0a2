import { useState } from 'react'
import { useWords } from '../words/use-words.ts'
import { useTill } from './use-till.ts'

/** Saves the whole journal of this device as a file; offline too, and on screens of a till that cannot start (JRN-12c). */
export function SaveJournal({ onSaved }: { onSaved?: () => void }) {
  const till = useTill()
  const i18n = useWords()
  const [step, setStep] = useState<'idle' | 'saving' | 'saved' | 'failed'>('idle')

  async function save(): Promise<void> {
    setStep('saving')
    try {
      const { fileName, content } = await till.parts.journal.exportJournal()
      const link = document.createElement('a')
      link.href = URL.createObjectURL(content)
      link.download = fileName
      link.click()
      // The browser reads the file after the click.
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
      setStep('saved')
      onSaved?.()
    } catch {
      setStep('failed')
    }
  }
  return (
    <>
      <button type="button" onClick={() => void save()} aria-busy={step === 'saving'}>
        {i18n._('panel.export', {}, { message: 'Save the journal as a file' })}
      </button>
      <p role="status" className="saved">
        {step === 'saved' &&
          i18n._('export.saved', {}, { message: '✓ Saved among the downloads of this device' })}
        {step === 'failed' &&
          i18n._(
            'export.failed',
            {},
            { message: 'No journal could be read on this device. Call support before anything is cleared.' },
          )}
      </p>
    </>
  )
}
