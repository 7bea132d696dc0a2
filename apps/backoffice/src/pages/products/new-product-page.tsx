import { Stack } from '@mantine/core'
import { createProduct, getProduct, listProducts } from '@nexus/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ask, keyOf } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { tell } from '../../app/tell.ts'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { LeaveGuard } from '../../forms/leave-guard.tsx'
import { SaveBar } from '../../forms/save-bar.tsx'
import { useWords } from '../../words/use-words.ts'
import { ProductForm } from './product-form.tsx'
import { bodyOf, emptyProduct, formField } from './product-values.ts'
import { useProductForm } from './use-product-form.ts'

/** Adds a product by hand. */
export function NewProductPage() {
  const i18n = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const form = useProductForm(emptyProduct)
  const save = useMutation({
    mutationFn: () => ask(createProduct, { body: bodyOf(form.values, undefined) }),
    onSuccess: async (product) => {
      queries.setQueryData(keyOf(getProduct, { params: { productId: product.id } }), product)
      void queries.invalidateQueries({ queryKey: keyOf(listProducts) })
      tell(
        i18n,
        i18n._('product.made', { name: product.names.en }, { message: '{name} is in the catalogue.' }),
      )
      await navigate({
        to: '/products/$productId',
        params: { productId: product.id },
        replace: true,
        ignoreBlocker: true,
      })
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) => formField(field, form.values))
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  return (
    <Page
      title={i18n._('products.new', {}, { message: 'New product' })}
      trail={<TextLink to="/products">{i18n._('nav.products', {}, { message: 'Products' })}</TextLink>}
    >
      <LeaveGuard unsaved={() => form.isDirty()} />
      <form
        onSubmit={form.onSubmit(
          () => save.mutate(),
          (faults) => focusFault(form, faults),
        )}
        noValidate
      >
        <Stack gap="md">
          <ProductForm form={form} internalCode={undefined} readOnly={false} />
          <SaveBar dirty={form.isDirty()} saving={save.isPending} error={save.error} onReset={form.reset} />
        </Stack>
      </form>
    </Page>
  )
}
