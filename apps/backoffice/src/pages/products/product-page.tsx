import { Stack, Text } from '@mantine/core'
import {
  getProduct,
  getRulebook,
  listAudit,
  listProducts,
  Problem,
  type Product,
  putProduct,
} from '@nexus/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ask, asks, keyOf } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { Page } from '../../app/page.tsx'
import { useMay } from '../../app/session.ts'
import { Loading, Trouble } from '../../app/states.tsx'
import { tell } from '../../app/tell.ts'
import { ChangedMeanwhile } from '../../forms/changed-meanwhile.tsx'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { LeaveGuard } from '../../forms/leave-guard.tsx'
import { SaveBar } from '../../forms/save-bar.tsx'
import { useWords } from '../../words/use-words.ts'
import { AuditTrail } from '../audit/audit-trail.tsx'
import { ProductForm } from './product-form.tsx'
import { bodyOf, formField, valuesOf } from './product-values.ts'
import { useProductForm } from './use-product-form.ts'

const route = getRouteApi('/shell/products/$productId')

/** One product: look, change, and see who changed what. */
export function ProductPage() {
  const i18n = useWords()
  const { productId } = route.useParams()
  // A draft is not to be pulled away by a reading in the background.
  const product = useQuery({
    ...asks(getProduct, { params: { productId } }),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const title = product.data?.names.en ?? i18n._('product.title', {}, { message: 'Product' })
  return (
    <Page
      title={title}
      trail={<TextLink to="/products">{i18n._('nav.products', {}, { message: 'Products' })}</TextLink>}
    >
      {product.data ? (
        <Stack gap="md">
          <Editor key={`${product.data.id} ${product.data.revision}`} product={product.data} />
          <AuditTrail subject="product" subjectId={String(productId)} />
        </Stack>
      ) : product.isError ? (
        <Trouble error={product.error} onRetry={() => void product.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function Editor({ product }: { product: Product }) {
  const i18n = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const form = useProductForm(valuesOf(product))
  const key = keyOf(getProduct, { params: { productId: product.id } })

  const save = useMutation({
    /** @param revision the version that this change is made on */
    mutationFn: (revision: number) =>
      ask(putProduct, {
        params: { productId: product.id },
        body: { ...bodyOf(form.values, product), revision },
      }),
    onSuccess: (saved) => {
      queries.setQueryData(key, saved)
      for (const endpoint of [listProducts, listAudit, getRulebook]) {
        void queries.invalidateQueries({ queryKey: keyOf(endpoint) })
      }
      tell(i18n, i18n._('product.saved', {}, { message: 'Saved. Tills learn it with the next rulebook.' }))
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) => formField(field, form.values))
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  const overwrite = useMutation({
    mutationFn: async () => {
      const newest = await ask(getProduct, { params: { productId: product.id } })
      await save.mutateAsync(newest.revision)
    },
  })
  const isConflict = save.error instanceof Problem && save.error.code === 'product/changed-meanwhile'
  const mayWrite = may('products.write')

  return (
    <form
      onSubmit={form.onSubmit(
        () => save.mutate(product.revision),
        (faults) => focusFault(form, faults),
      )}
      noValidate
    >
      <LeaveGuard unsaved={() => form.isDirty()} />
      <Stack gap="md">
        {!mayWrite && (
          <Text c="dimmed">
            {i18n._('product.read-only', {}, { message: 'Your role may look at products, not change them.' })}
          </Text>
        )}
        <ProductForm form={form} internalCode={product.internalCode} readOnly={!mayWrite} />
        {mayWrite && (
          <SaveBar
            dirty={form.isDirty()}
            saving={save.isPending}
            error={save.error}
            onReset={() => {
              form.reset()
              save.reset()
            }}
            refusal={isConflict ? conflict() : undefined}
          />
        )}
      </Stack>
    </form>
  )

  function conflict() {
    return (
      <ChangedMeanwhile
        error={save.error}
        saving={overwrite.isPending}
        onTakeTheirs={() => {
          form.reset()
          void queries.invalidateQueries({ queryKey: key })
        }}
        onTakeMine={() => overwrite.mutate()}
      />
    )
  }
}
