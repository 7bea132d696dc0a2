import { Button, Group, Stack, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { Dialog } from '../app/dialog.tsx'
import { useWords } from '../words/use-words.ts'

/** Asks before a draft is left, by a link, the browser's Back or closing the window. */
export function LeaveGuard({ unsaved }: { unsaved: () => boolean }) {
  const i18n = useWords()
  const blocker = useBlocker({ shouldBlockFn: unsaved, enableBeforeUnload: unsaved, withResolver: true })
  const asked = blocker.status === 'blocked'
  return (
    <Dialog
      opened={asked}
      onClose={() => blocker.reset?.()}
      title={i18n._('leave.title', {}, { message: 'Leave without saving?' })}
    >
      <Stack>
        <Text>
          {i18n._('leave.text', {}, { message: 'What you changed on this page is not saved yet.' })}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.proceed?.()}>
            {i18n._('leave.go', {}, { message: 'Leave and drop the changes' })}
          </Button>
          <Button onClick={() => blocker.reset?.()} data-autofocus>
            {i18n._('leave.stay', {}, { message: 'Stay here' })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
