/** Bytes to and from a printer. Promises reject when it is unplugged. */
export type Wire = {
  write(bytes: Uint8Array): Promise<void>
  /** What the printer says within the time; empty when it says nothing. */
  read(timeoutMs: number): Promise<Uint8Array>
  close(): Promise<void>
}

// WebUSB and Web Serial as far as they are used here; TypeScript's library has neither.
type UsbEndpoint = {
  endpointNumber: number
  direction: 'in' | 'out'
  type: 'bulk' | 'interrupt' | 'isochronous'
}
type UsbInterface = {
  interfaceNumber: number
  alternate: { interfaceClass: number; endpoints: UsbEndpoint[] }
}
type UsbDevice = {
  configuration: { interfaces: UsbInterface[] } | null
  open(): Promise<void>
  selectConfiguration(value: number): Promise<void>
  claimInterface(number: number): Promise<void>
  transferOut(endpoint: number, data: Uint8Array): Promise<{ status: string }>
  transferIn(endpoint: number, length: number): Promise<{ data?: DataView }>
  close(): Promise<void>
}
type SerialPort = {
  open(options: { baudRate: number }): Promise<void>
  readable: ReadableStream<Uint8Array> | null
  writable: WritableStream<Uint8Array> | null
  close(): Promise<void>
}
type Devices = {
  usb?: {
    requestDevice(options: { filters: { classCode: number }[] }): Promise<UsbDevice>
    getDevices(): Promise<UsbDevice[]>
  }
  serial?: { requestPort(): Promise<SerialPort>; getPorts(): Promise<SerialPort[]> }
}

const PRINTER_CLASS = 7
const BAUD_RATE = 38_400
/** A printer takes some kilobytes at once and then lets the sender wait. */
const PART_BYTES = 4096

// as: both interfaces exist in Chromium only, and only on secure pages.
const devices = () => navigator as Navigator & Devices

/** Asks the person to choose (needs a click), or takes the one chosen before. undefined without one. */
export async function openUsbWire(choose: boolean): Promise<Wire | undefined> {
  const { usb } = devices()
  const device = choose
    ? await usb?.requestDevice({ filters: [{ classCode: PRINTER_CLASS }] })
    : (await usb?.getDevices())?.[0]
  if (!device) return undefined
  await device.open()
  if (!device.configuration) await device.selectConfiguration(1)
  const face = device.configuration?.interfaces.find(
    ({ alternate }) => alternate.interfaceClass === PRINTER_CLASS,
  )
  const bulk = face?.alternate.endpoints.filter(({ type }) => type === 'bulk') ?? []
  const out = bulk.find(({ direction }) => direction === 'out')
  if (!face || !out) throw new Error('the chosen USB device is no printer')
  await device.claimInterface(face.interfaceNumber)
  return usbWire(device, out.endpointNumber, bulk.find(({ direction }) => direction === 'in')?.endpointNumber)
}

function usbWire(device: UsbDevice, out: number, back: number | undefined): Wire {
  // A read that nobody answers stays open; the next one listens to the same.
  let pending: Promise<Uint8Array> | undefined
  const readOnce = async (endpoint: number) => {
    const { data } = await device.transferIn(endpoint, 64)
    return data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array()
  }
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length; at += PART_BYTES) {
        await device.transferOut(out, bytes.subarray(at, at + PART_BYTES))
      }
    },
    async read(timeoutMs) {
      if (back === undefined) return new Uint8Array()
      pending ??= readOnce(back).finally(() => {
        pending = undefined
      })
      return Promise.race([pending, emptyAfter(timeoutMs)])
    },
    close: () => device.close(),
  }
}

/** As `openUsbWire`, for a printer on a serial port or a serial Bluetooth channel. */
export async function openSerialWire(choose: boolean): Promise<Wire | undefined> {
  const { serial } = devices()
  const port = choose ? await serial?.requestPort() : (await serial?.getPorts())?.[0]
  if (!port) return undefined
  await port.open({ baudRate: BAUD_RATE })
  const writer = port.writable?.getWriter()
  const reader = port.readable?.getReader()
  if (!writer || !reader) throw new Error('the serial port cannot be written to')
  let pending: Promise<Uint8Array> | undefined
  return {
    write: (bytes) => writer.write(bytes),
    read(timeoutMs) {
      pending ??= reader
        .read()
        .then(({ value }) => value ?? new Uint8Array())
        .finally(() => {
          pending = undefined
        })
      return Promise.race([pending, emptyAfter(timeoutMs)])
    },
    async close() {
      await reader.cancel()
      reader.releaseLock()
      writer.releaseLock()
      await port.close()
    },
  }
}

function emptyAfter(timeoutMs: number): Promise<Uint8Array> {
  return new Promise((resolve) => setTimeout(() => resolve(new Uint8Array()), timeoutMs))
}
