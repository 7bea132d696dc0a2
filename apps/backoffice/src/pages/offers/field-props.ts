import type { GetInputPropsReturnType } from '@mantine/form'
import type { OfferFormState } from './offer-values.ts'

/** Props of the input of a field: its value, and what is wrong with it. */
export type FieldProps = (field: string, options?: { type: 'checkbox' }) => GetInputPropsReturnType

/** @param hints what a field still lacks, told where nothing worse is wrong with it */
export function fieldProps(form: OfferFormState, hints: Readonly<Record<string, string>>): FieldProps {
  return (field, options) => {
    const props = form.getInputProps(field, options)
    return { ...props, error: props.error ?? hints[field] }
  }
}
