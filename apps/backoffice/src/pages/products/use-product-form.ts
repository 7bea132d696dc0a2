import { useForm } from '@mantine/form'
import { Problem } from '@nexus/contract'
import { useWords } from '../../words/use-words.ts'
import { productFaults } from './product-faults.ts'
import { formField, type ProductValues } from './product-values.ts'

/** State of a product's form, checked while somebody types. */
export function useProductForm(initialValues: ProductValues) {
  const i18n = useWords()
  return useForm<ProductValues>({
    mode: 'controlled',
    initialValues,
    validate: (values) => productFaults(i18n, values),
    validateInputOnChange: true,
  })
}

/** Faults that the server named, at the fields of the form. */
export function fieldErrors(error: unknown, values: ProductValues): Record<string, string> {
  if (!(error instanceof Problem)) return {}
  return Object.fromEntries(error.errors.map(({ field, message }) => [formField(field, values), message]))
}
