import { Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type Company, getCompany, Problem, putCompany } from '@nexus/contract'
import { isPan, isUpiAddress } from '@nexus/domain'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, asks, keyOf } from '../../app/api.ts'
import { Page } from '../../app/page.tsx'
import { Section } from '../../app/section.tsx'
import { useMay } from '../../app/session.ts'
import { Loading, Trouble } from '../../app/states.tsx'
import { tell } from '../../app/tell.ts'
import { fieldErrors } from '../../forms/field-errors.ts'
import { focusFault } from '../../forms/focus-fault.ts'
import { LeaveGuard } from '../../forms/leave-guard.tsx'
import { SaveBar } from '../../forms/save-bar.tsx'
import { useWords } from '../../words/use-words.ts'
import { AuditTrail } from '../audit/audit-trail.tsx'

/** Settings of the company. */
export function CompanyPage() {
  const i18n = useWords()
  const company = useQuery(asks(getCompany, {}))
  const isMissing = company.error instanceof Problem && company.error.code === 'company/not-found'
  return (
    <Page title={i18n._('nav.company', {}, { message: 'Company' })}>
      {company.data || isMissing ? (
        <Stack gap="md">
          <CompanyForm company={company.data} />
          {company.data && <AuditTrail subject="company" subjectId={company.data.id} />}
        </Stack>
      ) : company.isError ? (
        <Trouble error={company.error} onRetry={() => void company.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function CompanyForm({ company }: { company: Company | undefined }) {
  const i18n = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const required = (text: string) =>
    text.trim() === '' ? i18n._('form.required', {}, { message: 'Fill this in.' }) : null
  const form = useForm({
    mode: 'controlled',
    initialValues: valuesOf(company),
    validate: {
      legalName: required,
      tradeName: required,
      pan: (pan) =>
        isPan(pan.trim().toUpperCase())
          ? null
          : i18n._('company.pan-fault', {}, { message: 'A PAN is five letters, four digits and a letter.' }),
      upiId: (upiId) =>
        upiId.trim() === '' || isUpiAddress(upiId.trim())
          ? null
          : i18n._('company.upi-fault', {}, { message: 'A UPI address is like shop@bank.' }),
    },
    validateInputOnBlur: true,
  })
  const save = useMutation({
    mutationFn: () => ask(putCompany, { body: bodyOf(form.values) }),
    onSuccess: (saved) => {
      form.setInitialValues(valuesOf(saved))
      form.setValues(valuesOf(saved))
      queries.setQueryData(keyOf(getCompany, {}), saved)
      tell(i18n, i18n._('form.saved', {}, { message: 'Saved.' }))
    },
    onError: (error) => {
      const faults = fieldErrors(i18n, error)
      form.setErrors(faults)
      focusFault(form, faults)
    },
  })
  const mayWrite = may('settings.write')
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
        <Section title={i18n._('company.on-bills', {}, { message: 'As it stands on bills' })}>
          <TextInput
            label={i18n._('company.legal-name', {}, { message: 'Legal name' })}
            withAsterisk
            maxLength={200}
            maw={560}
            {...form.getInputProps('legalName')}
          />
          <TextInput
            label={i18n._('company.trade-name', {}, { message: 'Trade name' })}
            description={i18n._(
              'company.trade-name-hint',
              {},
              { message: 'The name over the shop; the head of each bill.' },
            )}
            withAsterisk
            maxLength={200}
            maw={560}
            {...form.getInputProps('tradeName')}
          />
          <TextInput
            label={i18n._('company.pan', {}, { message: 'PAN' })}
            withAsterisk
            maxLength={10}
            maw={260}
            spellCheck={false}
            {...form.getInputProps('pan')}
          />
          <TextInput
            label={i18n._('company.upi', {}, { message: 'UPI address' })}
            description={i18n._(
              'company.upi-hint',
              {},
              { message: 'Payee of the QR code at the tills. Empty: tills do not offer UPI.' },
            )}
            maxLength={320}
            maw={400}
            spellCheck={false}
            {...form.getInputProps('upiId')}
          />
          <Switch
            label={i18n._('company.rounding', {}, { message: 'Round bills to the rupee' })}
            {...form.getInputProps('rupeeRounding', { type: 'checkbox' })}
          />
          <Textarea
            label={i18n._('company.footer', {}, { message: 'Foot of each bill' })}
            maxLength={400}
            autosize
            minRows={2}
            maw={560}
            {...form.getInputProps('billFooter')}
          />
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

type Values = ReturnType<typeof valuesOf>

function valuesOf(company: Company | undefined) {
  return {
    legalName: company?.legalName ?? '',
    tradeName: company?.tradeName ?? '',
    pan: company?.pan ?? '',
    upiId: company?.upiId ?? '',
    rupeeRounding: company?.rupeeRounding ?? true,
    billFooter: company?.billFooter ?? '',
  }
}

function bodyOf(values: Values): Omit<Company, 'id'> {
  const upiId = values.upiId.trim()
  return {
    legalName: values.legalName.trim(),
    tradeName: values.tradeName.trim(),
    pan: values.pan.trim().toUpperCase(),
    upiId: upiId === '' ? null : upiId,
    rupeeRounding: values.rupeeRounding,
    billFooter: values.billFooter.trim(),
  }
}
