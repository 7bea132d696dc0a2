export { emptyMysqlUrl, forEachDialect, type TestDialect } from './databases.ts'
export {
  administrator,
  openShop,
  type Shop,
  type Speaker,
  type TestClock,
  testClock,
  tillCaller,
} from './shop.ts'
