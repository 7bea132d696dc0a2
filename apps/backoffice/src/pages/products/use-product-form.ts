import { useForm } from '@mantine/form'
import { useWords } from '../../words/use-words.ts'
import { productFaults } from './product-faults.ts'
import type { ProductValues } from './product-values.ts'

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
