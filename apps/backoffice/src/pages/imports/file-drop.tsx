import { Button, Stack, Text } from '@mantine/core'
import { type DragEvent, useRef, useState } from 'react'
import { useWords } from '../../words/use-words.ts'

type Props = { busy: boolean; onFile: (file: File) => void }

/** Takes one file: dropped, or chosen by the button. */
export function FileDrop({ busy, onFile }: Props) {
  const i18n = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const file = files?.item(0)
    if (file && !busy) onFile(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    <Stack
      component="div"
      align="center"
      gap="xs"
      className="file-drop"
      data-over={over || undefined}
      onDragOver={(event: DragEvent) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Text>{i18n._('drop.here', {}, { message: 'Drop a CSV file here, or' })}</Text>
      <Button loading={busy} onClick={() => input.current?.click()}>
        {i18n._('drop.choose', {}, { message: 'Choose a file' })}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={i18n._('drop.label', {}, { message: 'CSV file' })}
        onChange={(event) => {
          take(event.currentTarget.files)
          // Choosing the same file again, after a correction, counts as well.
          event.currentTarget.value = ''
        }}
      />
    </Stack>
  )
}
