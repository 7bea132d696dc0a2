import { useForm } from '@mantine/form'
import { useWords } from '../../words/use-words.ts'
import { typedFaults } from './offer-faults.ts'
import type { OfferFormState, OfferValues } from './offer-values.ts'

/** State of an offer's form; what cannot be read is told while somebody types. */
export function useOfferForm(initialValues: OfferValues): OfferFormState {
  const i18n = useWords()
  return useForm<OfferValues>({
    mode: 'controlled',
    initialValues,
    validate: (values) => typedFaults(i18n, values),
    validateInputOnBlur: true,
  })
}
