import type { I18n } from '@lingui/core'
import { useLingui } from '@lingui/react'

/** The words of the screen's language; the component is drawn again when it changes. */
export function useWords(): I18n {
  return useLingui().i18n
}
