import type { Answer, getToday } from '@nexus/contract'

/** Takings of a trading day, as the server answers them. */
export type Today = Answer<typeof getToday>
/** Where the figures come from, for the links to the bills behind them. */
export type Scope = { store?: string; from: string; until: string }
