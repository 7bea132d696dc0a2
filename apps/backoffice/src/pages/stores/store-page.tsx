import { Grid, NativeSelect, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { getStore, listStores, putStore, type Store } from '@nexus/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ask, asks, keyOf } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { newId } from '../../app/new-id.ts'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { Loading, Trouble } from '../../app/states.tsx'
import { tell } from '../../app/tell.ts'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { LeaveGuard } from '../../forms/leave-guard.tsx'
import { SaveBar } from '../../forms/save-bar.tsx'
import { languageOptions } from '../../phrases/language-options.ts'
import { useWords } from '../../words/use-words.ts'
import { AuditTrail } from '../audit/audit-trail.tsx'
import { StoreRegisters } from './store-registers.tsx'
import { StoreServers } from './store-servers.tsx'
import { bodyOf, emptyStore, stateOf, storeFaults, valuesOf } from './store-values.ts'

const route = getRouteApi('/shell/stores/$storeId')

/** One store: its tills, its particulars, who changed them. */
export function StorePage() {
  const { storeId } = route.useParams()
  const store = useQuery({ ...asks(getStore, { params: { storeId } }), refetchInterval: 30_000 })
  return (
    <StoreFrame title={store.data?.name}>
      {store.data ? (
        <Stack gap="md">
          <StoreRegisters store={store.data} now={store.dataUpdatedAt} />
          <StoreServers store={store.data} />
          <StoreForm key={storeId} storeId={storeId} store={store.data} />
          <AuditTrail subject="store" subjectId={storeId} />
        </Stack>
      ) : store.isError ? (
        <Trouble error={store.error} onRetry={() => void store.refetch()} />
      ) : (
        <Loading />
      )}
    </StoreFrame>
  )
}

/** Adds a store. */
export function NewStorePage() {
  const i18n = useWords()
  const [storeId] = useState(() => newId())
  return (
    <StoreFrame title={i18n._('stores.new', {}, { message: 'New store' })}>
      <StoreForm storeId={storeId} store={undefined} />
    </StoreFrame>
  )
}

function StoreFrame({ title, children }: { title: string | undefined; children: ReactNode }) {
  const i18n = useWords()
  return (
    <Page
      title={title ?? i18n._('filter.store', {}, { message: 'Store' })}
      trail={<TextLink to="/stores">{i18n._('nav.stores', {}, { message: 'Stores & tills' })}</TextLink>}
    >
      {children}
    </Page>
  )
}

function StoreForm({ storeId, store }: { storeId: string; store: Store | undefined }) {
  const i18n = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    mode: 'controlled',
    initialValues: store ? valuesOf(store) : emptyStore,
    validate: (values) => storeFaults(i18n, values),
    validateInputOnBlur: true,
  })
  const save = useMutation({
    mutationFn: () => ask(putStore, { params: { storeId }, body: bodyOf(form.values) }),
    onSuccess: async (saved) => {
      form.setInitialValues(valuesOf(saved))
      form.setValues(valuesOf(saved))
      queries.setQueryData(keyOf(getStore, { params: { storeId } }), saved)
      void queries.invalidateQueries({ queryKey: keyOf(listStores) })
      tell(i18n, i18n._('form.saved', {}, { message: 'Saved.' }))
      if (!store) {
        await navigate({ to: '/stores/$storeId', params: { storeId }, replace: true, ignoreBlocker: true })
      }
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error, (field) => (field === 'state' ? 'gstin' : field))
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  const state = stateOf(form.values.gstin)
  const mayWrite = may('stores.write')
  return (
    <form
      onSubmit={form.onSubmit(
        () => save.mutate(),
        (faults) => focusFault(form, faults),
      )}
      noValidate
    >
      <LeaveGuard unsaved={() => form.isDirty()} />
      <fieldset disabled={!mayWrite} className="bare">
        <Section title={i18n._('store.particulars', {}, { message: 'Particulars' })}>
          <Grid>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <TextInput
                label={i18n._('store.name', {}, { message: 'Name' })}
                withAsterisk
                maxLength={120}
                {...form.getInputProps('name')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <TextInput
                label={i18n._('store.code', {}, { message: 'Code' })}
                description={i18n._('store.code-hint', {}, { message: 'Begins the bill numbers, e.g. KOR.' })}
                withAsterisk
                maxLength={3}
                {...form.getInputProps('code')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <TextInput
                label={i18n._('store.gstin', {}, { message: 'GSTIN' })}
                description={
                  state === undefined
                    ? i18n._('store.gstin-hint', {}, { message: 'The State follows from it.' })
                    : i18n._('store.gstin-state', { state }, { message: '✓ State: {state}' })
                }
                withAsterisk
                maxLength={18}
                spellCheck={false}
                {...form.getInputProps('gstin')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <TextInput
                label={i18n._('store.region', {}, { message: 'Region' })}
                description={i18n._(
                  'store.region-hint',
                  {},
                  { message: 'For price lists of a region; may stay empty.' },
                )}
                maxLength={36}
                {...form.getInputProps('regionId')}
              />
            </Grid.Col>
            <Grid.Col span={12}>
              <Textarea
                label={i18n._('store.address', {}, { message: 'Address' })}
                withAsterisk
                maxLength={300}
                autosize
                {...form.getInputProps('address')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 4 }}>
              <TextInput
                label={i18n._('store.city', {}, { message: 'City' })}
                withAsterisk
                maxLength={80}
                {...form.getInputProps('city')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 6, sm: 4 }}>
              <TextInput
                label={i18n._('store.pin', {}, { message: 'PIN code' })}
                withAsterisk
                inputMode="numeric"
                maxLength={6}
                {...form.getInputProps('pin')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 6, sm: 4 }}>
              <TextInput
                type="tel"
                label={i18n._('store.phone', {}, { message: 'Phone' })}
                maxLength={20}
                {...form.getInputProps('phone')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 6, sm: 4 }}>
              <NativeSelect
                label={i18n._('store.language', {}, { message: 'Language of the tills' })}
                data={languageOptions(form.values.language)}
                {...form.getInputProps('language')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 6, sm: 4 }}>
              <TextInput
                type="time"
                label={i18n._('store.cut-over', {}, { message: 'Trading day begins at' })}
                {...form.getInputProps('cutOver')}
              />
            </Grid.Col>
            <Grid.Col span={12}>
              <Switch
                label={i18n._('store.active', {}, { message: 'Open for business' })}
                {...form.getInputProps('active', { type: 'checkbox' })}
              />
            </Grid.Col>
          </Grid>
        </Section>
      </fieldset>
      {mayWrite && (
        <SaveBar
          dirty={form.isDirty()}
          saving={save.isPending}
          error={save.error}
          onReset={() => {
            form.reset()
            save.reset()
          }}
        />
      )}
    </form>
  )
}
