export * from './chain.ts'
export * from './random.ts'
export * from './shopping.ts'
