import { Grid, MultiSelect, NativeSelect, Radio, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { getStaff, listStaff, putStaff, type StaffBody, type StaffRow } from '@nexus/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ask, asks, keyOf } from '../../app/api.ts'
import { TextLink } from '../../app/links.tsx'
import { newId } from '../../app/new-id.ts'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { useMay, useSession } from '../../app/session.ts'
import { Loading, Trouble } from '../../app/states.tsx'
import { tell } from '../../app/tell.ts'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { LeaveGuard } from '../../forms/leave-guard.tsx'
import { SaveBar } from '../../forms/save-bar.tsx'
import { storeOptions, useStores } from '../../lists/use-stores.ts'
import { languageOptions } from '../../phrases/language-options.ts'
import { roleHint, roleName, roles } from '../../phrases/role-words.ts'
import { useWords } from '../../words/use-words.ts'
import { AuditTrail } from '../audit/audit-trail.tsx'
import { PersonSecrets } from './person-secrets.tsx'

const route = getRouteApi('/shell/staff/$staffId')

/** One person: role, stores, PIN and password. */
export function PersonPage() {
  const { staffId } = route.useParams()
  const person = useQuery(asks(getStaff, { params: { staffId } }))
  return (
    <PersonFrame title={person.data?.name}>
      {person.data ? (
        <Stack gap="md">
          <PersonSecrets person={person.data} />
          <PersonForm key={staffId} staffId={staffId} person={person.data} />
          <AuditTrail subject="staff" subjectId={staffId} />
        </Stack>
      ) : person.isError ? (
        <Trouble error={person.error} onRetry={() => void person.refetch()} />
      ) : (
        <Loading />
      )}
    </PersonFrame>
  )
}

/** Adds a person. */
export function NewPersonPage() {
  const i18n = useWords()
  const [staffId] = useState(() => newId())
  return (
    <PersonFrame title={i18n._('staff.new', {}, { message: 'New person' })}>
      <PersonForm staffId={staffId} person={undefined} />
    </PersonFrame>
  )
}

function PersonFrame({ title, children }: { title: string | undefined; children: ReactNode }) {
  const i18n = useWords()
  return (
    <Page
      title={title ?? i18n._('subject.staff', {}, { message: 'Person' })}
      trail={<TextLink to="/staff">{i18n._('nav.staff', {}, { message: 'Staff' })}</TextLink>}
    >
      {children}
    </Page>
  )
}

function PersonForm({ staffId, person }: { staffId: string; person: StaffRow | undefined }) {
  const i18n = useWords()
  const may = useMay()
  const session = useSession()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const stores = useStores()
  const form = useForm<StaffBody>({
    mode: 'controlled',
    initialValues: valuesOf(person, session.storeIds),
    validate: {
      name: (name) => (name.trim() === '' ? i18n._('form.required', {}, { message: 'Fill this in.' }) : null),
      login: (login) =>
        /^[a-z0-9][a-z0-9._-]+$/.test(login.trim())
          ? null
          : i18n._(
              'staff.login-fault',
              {},
              {
                message:
                  'Two or more small letters, digits and . _ - only, beginning with a letter or digit.',
              },
            ),
      storeIds: (storeIds) =>
        storeIds !== null && storeIds.length === 0
          ? i18n._('staff.stores-fault', {}, { message: 'Choose at least one store.' })
          : null,
    },
    validateInputOnBlur: true,
  })
  const save = useMutation({
    mutationFn: () => ask(putStaff, { params: { staffId }, body: tidied(form.values) }),
    onSuccess: async (saved) => {
      const values = valuesOf(saved, session.storeIds)
      form.setInitialValues(values)
      form.setValues(values)
      queries.setQueryData(keyOf(getStaff, { params: { staffId } }), saved)
      void queries.invalidateQueries({ queryKey: keyOf(listStaff) })
      tell(i18n, i18n._('form.saved', {}, { message: 'Saved.' }))
      if (!person) {
        await navigate({ to: '/staff/$staffId', params: { staffId }, replace: true, ignoreBlocker: true })
      }
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error)
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  const mayWrite = may('staff.write')
  const seesAll = session.storeIds === null
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
                label={i18n._('staff.name', {}, { message: 'Name' })}
                withAsterisk
                maxLength={120}
                autoComplete="off"
                {...form.getInputProps('name')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <TextInput
                label={i18n._('sign-in.login', {}, { message: 'Sign-in name' })}
                withAsterisk
                maxLength={60}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                {...form.getInputProps('login')}
              />
            </Grid.Col>
            <Grid.Col span={12}>
              <Radio.Group
                label={i18n._('staff.role', {}, { message: 'Role' })}
                {...form.getInputProps('role')}
              >
                <Stack gap="xs" mt={4}>
                  {roles.map((role) => (
                    <Radio
                      key={role}
                      value={role}
                      label={roleName(i18n, role)}
                      description={roleHint(i18n, role)}
                    />
                  ))}
                </Stack>
              </Radio.Group>
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              {seesAll && (
                <Switch
                  mb="xs"
                  label={i18n._('staff.every-store', {}, { message: 'Works for every store' })}
                  checked={form.values.storeIds === null}
                  onChange={(event) =>
                    form.setFieldValue('storeIds', event.currentTarget.checked ? null : [])
                  }
                />
              )}
              {form.values.storeIds !== null && (
                <MultiSelect
                  label={i18n._('staff.stores', {}, { message: 'Stores' })}
                  data={storeOptions(stores)}
                  searchable
                  hidePickedOptions
                  limit={50}
                  value={form.values.storeIds}
                  onChange={(storeIds) => form.setFieldValue('storeIds', storeIds)}
                  error={form.errors.storeIds}
                />
              )}
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <NativeSelect
                label={i18n._('staff.language', {}, { message: 'Language at the till' })}
                data={languageOptions(form.values.language)}
                {...form.getInputProps('language')}
              />
            </Grid.Col>
            <Grid.Col span={12}>
              <Switch
                label={i18n._('staff.active', {}, { message: 'Works here and may sign in' })}
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

/** A new person works where the one who adds them does. */
function valuesOf(person: StaffRow | undefined, ownStores: StaffBody['storeIds']): StaffBody {
  if (!person) {
    return { name: '', login: '', role: 'cashier', storeIds: ownStores ?? [], active: true, language: 'en' }
  }
  const { name, login, role, storeIds, active, language } = person
  return { name, login, role, storeIds, active, language }
}

function tidied(values: StaffBody): StaffBody {
  return { ...values, name: values.name.trim(), login: values.login.trim() }
}
