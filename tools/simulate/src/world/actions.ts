import type { FaultKind } from './fault-kinds.ts'
import type { Device, World } from './world.ts'

/** One thing that can happen next, and how often it does. `kind` null: nothing goes wrong by it. */
type Action = {
  weight: number
  kind: FaultKind | null
  needsHop?: true
  play: (world: World, device: Device) => unknown
}

export const actions: readonly Action[] = [
  { weight: 18, kind: null, play: (world, device) => world.sell(device) },
  { weight: 5, kind: null, play: (world, device) => world.writeOther(device) },
  { weight: 14, kind: null, play: (world, device) => world.sync(device) },
  { weight: 5, kind: null, play: (world, device) => world.sellWhileSyncing(device) },
  { weight: 10, kind: null, needsHop: true, play: (world) => world.forward() },
  { weight: 12, kind: 'crash', play: (world, device) => world.crash(device) },
  { weight: 4, kind: 'storage', play: (world, device) => world.storageTrouble(device) },
  { weight: 3, kind: 'disk-full', play: (world, device) => world.diskFull(device) },
  { weight: 3, kind: 'damage', play: (world, device) => world.damage(device) },
  { weight: 7, kind: 'partition', play: (world, device) => world.switchNetwork(device) },
  { weight: 4, kind: 'message', play: (world) => world.deliverLate() },
  { weight: 4, kind: 'message', play: (world, device) => world.carryFile(device) },
  { weight: 4, kind: 'clock', play: (world, device) => world.setClock(device) },
  { weight: 3, kind: 'rollback', play: (world, device) => world.keepBackup(device) },
  { weight: 3, kind: 'rollback', play: (world, device) => world.rollBack(device) },
  { weight: 2, kind: 'clone', play: (world, device) => world.clone(device) },
  { weight: 3, kind: 'restore', play: (world) => world.keepHqBackup() },
  { weight: 3, kind: 'restore', play: (world) => world.restoreHq() },
  { weight: 3, kind: 'windows', play: (world, device) => world.secondWindow(device) },
  { weight: 2, kind: 'upgrade', play: (world, device) => world.upgradeTill(device) },
  { weight: 2, kind: 'upgrade', play: (world) => world.upgradeServer() },
  { weight: 4, kind: 'store-server', needsHop: true, play: (world, device) => world.changeRoute(device) },
  { weight: 5, kind: 'store-server', needsHop: true, play: (world) => world.stopOrRestoreHop() },
]
