import { counterOf } from './counters.ts'
import { type Component, type Found, search } from './search.ts'
import type { LiveItemOffer, Option, UnitClass } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

/** One offer alone is searched with this many states. */
const NODES_AN_OFFER = 1000

/**
 * What a plain system would give: offer after offer, each the best it can do with the units that none before
 * it took, none combined. A result that was cut is never below it (PRC-7c).
 *
 * @param options by class, none left out
 */
export function greedy({ classes, offers }: Component, options: readonly (readonly Option[])[]): Found {
  const chosen = classes.map(({ count }, at) =>
    Array<Option>(count).fill((options[at] as Option[])[0] as Option),
  )
  const free = classes.map(({ count }) => count)
  let discountMinor = 0
  let nodes = 0
  for (let place = 0; place < offers.length; place++) {
    const own: { at: number; unit: UnitClass; options: Option[] }[] = []
    for (let at = 0; at < classes.length; at++) {
      const alone = (options[at] as Option[]).filter(({ singles, group }) =>
        group < 0 ? singles.length === 1 && singles[0] === place : group === place && singles.length === 0,
      )
      const count = free[at] as number
      if (count === 0 || alone.length === 0) continue
      const renamed = alone.map((one) => ({
        ...one,
        singles: one.singles.map(() => 0),
        group: Math.min(one.group, 0),
      }))
      const nothing = (options[at] as Option[])[0] as Option
      own.push({ at, unit: { ...(classes[at] as UnitClass), count }, options: [nothing, ...renamed] })
    }
    const live = offers[place] as LiveItemOffer
    const parts = live.parts.map((part) =>
      own.map(({ unit }) => unit).filter(({ line }) => part.includes(line)),
    )
    const counter = counterOf(live, parts)
    if (counter === undefined) continue
    const found = search(
      {
        classes: own.map(({ unit }) => unit),
        options: own.map((one) => one.options),
        offers: [live],
        counters: [counter],
        byId: [0],
      },
      NODES_AN_OFFER,
    )
    nodes += found.nodes
    if (found.discountMinor <= 0) continue
    discountMinor += found.discountMinor
    let next = 0
    for (const { at, unit } of own) {
      for (let n = 0; n < unit.count; n++) {
        const option = found.chosen[next++] as Option // one a unit
        if (option.singles.length === 0 && option.group < 0) continue
        const list = chosen[at] as Option[]
        list[list.length - (free[at] as number)] = {
          ...option,
          singles: option.singles.map(() => place),
          group: option.group < 0 ? -1 : place,
        }
        free[at] = (free[at] as number) - 1
      }
    }
  }
  return { discountMinor, chosen: chosen.flat(), boundMinor: discountMinor, nodes }
}
