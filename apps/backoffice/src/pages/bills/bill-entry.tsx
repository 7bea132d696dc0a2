import { Button, Code, CopyButton, Group, ScrollArea, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Bill } from '@nexus/contract'
import { Section } from '../../app/section.tsx'
import { moment } from '../../phrases/figures.ts'
import { useWords } from '../../words/use-words.ts'

/** The journal entry behind a bill: where it stands in its chain, and its bytes on demand. */
export function BillEntry({ entry }: { entry: Bill['entry'] }) {
  const i18n = useWords()
  const [shown, { toggle }] = useDisclosure(false)
  return (
    <Section title={i18n._('entry.title', {}, { message: 'Journal entry' })}>
      <dl className="facts">
        <dt>{i18n._('entry.hash', {}, { message: 'Hash' })}</dt>
        <dd>
          <Copied text={entry.identity} />
        </dd>
        <dt>{i18n._('entry.previous', {}, { message: 'Previous' })}</dt>
        <dd>
          <Copied text={entry.prevHash} />
        </dd>
        <dt>{i18n._('entry.next', {}, { message: 'Next' })}</dt>
        <dd>
          {entry.next === null ? (
            i18n._('entry.last', {}, { message: 'None yet: it is the last one' })
          ) : (
            <Copied text={entry.next} />
          )}
        </dd>
        <dt>{i18n._('entry.epoch', {}, { message: 'Epoch' })}</dt>
        <dd>
          <Copied text={entry.epoch} />
        </dd>
        <dt>{i18n._('entry.seq', {}, { message: 'Place in the epoch' })}</dt>
        <dd>{entry.seq}</dd>
        <dt>{i18n._('entry.received', {}, { message: 'Received' })}</dt>
        <dd>{moment(entry.receivedAt)}</dd>
        <dt>{i18n._('entry.app', {}, { message: 'Till' })}</dt>
        <dd>{entry.app}</dd>
        <dt>{i18n._('entry.engine', {}, { message: 'Pricing engine' })}</dt>
        <dd>{entry.engine}</dd>
        <dt>{i18n._('entry.rulebook', {}, { message: 'Rulebook' })}</dt>
        <dd>{entry.rulebookVersion ?? '–'}</dd>
      </dl>
      <Group gap="xs">
        <Button variant="default" onClick={toggle} aria-expanded={shown}>
          {shown
            ? i18n._('entry.hide', {}, { message: 'Hide the bytes' })
            : i18n._('entry.show', {}, { message: 'Show the bytes' })}
        </Button>
        <CopyButton value={entry.bytes}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied
                ? i18n._('action.copied', {}, { message: 'Copied' })
                : i18n._('entry.copy', {}, { message: 'Copy the bytes as they are' })}
            </Button>
          )}
        </CopyButton>
      </Group>
      {shown && (
        <Stack gap={4}>
          <Text fz="sm" c="dimmed">
            {i18n._(
              'entry.laid-out',
              {},
              { message: 'Laid out over lines to be read; the hash is over the bytes without them.' },
            )}
          </Text>
          <ScrollArea.Autosize mah={420} type="auto" viewportProps={{ tabIndex: 0 }}>
            <Code block>{laidOut(entry.bytes)}</Code>
          </ScrollArea.Autosize>
        </Stack>
      )}
    </Section>
  )
}

function laidOut(bytes: string): string {
  try {
    return JSON.stringify(JSON.parse(bytes), null, 2)
  } catch {
    // An entry that is no JSON was kept all the same; it is shown as it came.
    return bytes
  }
}

function Copied({ text }: { text: string }) {
  const i18n = useWords()
  return (
    <Group gap={6} wrap="nowrap">
      <Text span className="hash">
        {text}
      </Text>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="subtle" onClick={copy}>
            {copied
              ? i18n._('action.copied', {}, { message: 'Copied' })
              : i18n._('action.copy', {}, { message: 'Copy' })}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}
