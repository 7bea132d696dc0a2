import { useEffect, useRef } from 'react'
import { Dialog } from '../app/dialog.tsx'
import { useTill } from '../app/use-till.ts'
import { type CameraScan, scanByCamera } from '../scan/index.ts'
import { useWords } from '../words/use-words.ts'

/** The phone's camera as a scanner; it closes with the first code. */
export function CameraDialog() {
  const till = useTill()
  const i18n = useWords()
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    let scan: CameraScan | undefined
    let gone = false
    const close = () => till.store.setState({ dialog: undefined })
    if (video.current) {
      scanByCamera(video.current, (text) => {
        close()
        till.cart.scan(text)
      }).then(
        (started) => {
          scan = started
          if (gone) started.stop()
        },
        () => {
          close()
          till.notify('no-camera', { tone: 'bad' })
        },
      )
    }
    return () => {
      gone = true
      scan?.stop()
    }
  }, [till])
  return (
    <Dialog
      title={i18n._('scan.camera', {}, { message: 'Scan with the camera' })}
      onClose={() => till.store.setState({ dialog: undefined })}
    >
      <video ref={video} className="camera" muted playsInline />
    </Dialog>
  )
}
