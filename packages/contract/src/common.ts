import { type Static, type TSchema, Type } from 'typebox'

export const Id = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'UUID',
})
export const ProductId = Type.Integer({ minimum: 1, maximum: 2147483647 })
export const Hash = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'SHA-256, base64url' })
export const Instant = Type.Integer({ description: 'ms since 1970 UTC' })
export const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
export const Minor = Type.Integer({ description: 'paise' })
export const Milli = Type.Integer({ description: 'thousandths of the unit' })
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** Names by language tag; `en` is required. */
export const Names = Type.Unsafe<{ en: string; [language: string]: string }>(
  Type.Object(
    { en: Type.String({ minLength: 1, maxLength: 200 }) },
    { additionalProperties: Type.String({ maxLength: 200 }) },
  ),
)

/** Query of every list: 1-based page, `sort` is a column with `-` in front for descending. */
export const listQuery = {
  page: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
  pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  sort: Type.Optional(Type.String({ maxLength: 40 })),
  q: Type.Optional(Type.String({ maxLength: 100 })),
}
/** A page of rows. `total` counts what the filter matches, up to `totalMax` where counting more would cost too much. */
export const Page = <T extends TSchema>(row: T) =>
  Type.Object({
    rows: Type.Array(row),
    page: Type.Integer(),
    pageSize: Type.Integer(),
    total: Type.Integer(),
    totalIsExact: Type.Boolean(),
  })
export type PageOf<Row> = {
  rows: Row[]
  page: number
  pageSize: number
  total: number
  totalIsExact: boolean
}
export type StaticOf<T extends TSchema> = Static<T>
