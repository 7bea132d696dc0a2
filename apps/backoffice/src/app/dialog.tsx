import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'

type Props = {
  opened: boolean
  title: string
  /** Absent for a question that must be answered. */
  onClose?: () => void
  size?: 'md' | 'lg'
  /** Hides what is behind, e.g. from somebody else at the same desk. */
  veiled?: boolean
  children: ReactNode
}

/** A dialog over the page: traps the focus, gives it back, closes by Escape and by its cross. */
export function Dialog({ opened, title, onClose, size = 'md', veiled = false, children }: Props) {
  const i18n = useWords()
  const close = onClose ?? (() => undefined)
  const closes = onClose !== undefined
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      size={size}
      closeOnEscape={closes}
      closeOnClickOutside={closes}
    >
      <Modal.Overlay {...(veiled && { backgroundOpacity: 0.85, blur: 12 })} />
      <Modal.Content>
        {/* A header here is no banner of the page. */}
        <Modal.Header role="none">
          <Modal.Title>{title}</Modal.Title>
          {closes && <Modal.CloseButton aria-label={i18n._('action.close', {}, { message: 'Close' })} />}
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
