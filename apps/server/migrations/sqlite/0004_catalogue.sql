-- Numbers that the catalogue has given out. One row, made with the first change. Every change of
-- products, tax classes or price lists raises change_no first, so that changes queue behind each
-- other and a publication can ask for everything after the number that it saw last.
CREATE TABLE catalogue_counter (
  id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  change_no   INTEGER NOT NULL,
  product_no  INTEGER NOT NULL,               -- last id given; ids are never used again
  batch_no    INTEGER NOT NULL,
  brand_no    INTEGER NOT NULL,
  category_no INTEGER NOT NULL
) STRICT;

-- Brands as they were first spelled. Made with the first product of the brand, never removed.
CREATE TABLE brand (
  id       INTEGER NOT NULL PRIMARY KEY,
  name     TEXT    NOT NULL,
  name_key TEXT    NOT NULL UNIQUE            -- without case and accents: one brand, however it is typed
) STRICT;

-- Categories, kept like brands.
CREATE TABLE category (
  id       INTEGER NOT NULL PRIMARY KEY,
  name     TEXT    NOT NULL,
  name_key TEXT    NOT NULL UNIQUE
) STRICT;

-- Tax classes (TAX-1). Changed by people, never removed, since bills and products refer to them.
CREATE TABLE tax_class (
  id   TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

-- Rates of a tax class; each is in force until the next begins.
CREATE TABLE tax_rate (
  tax_class_id TEXT    NOT NULL REFERENCES tax_class (id),
  from_at      INTEGER NOT NULL,              -- ms since 1970 UTC
  kind         TEXT    NOT NULL CHECK (kind IN ('taxable', 'nil', 'exempt', 'non-gst')),
  rate_bp      INTEGER NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
  PRIMARY KEY (tax_class_id, from_at)
) STRICT, WITHOUT ROWID;

-- Price lists (PRC-4). Made by people; scope and place never change, so that an old version of the
-- rulebook shows each store the same rows for ever.
CREATE TABLE price_list (
  id        INTEGER NOT NULL PRIMARY KEY,
  name      TEXT    NOT NULL,
  scope     TEXT    NOT NULL CHECK (scope IN ('store', 'region', 'chain')),
  scope_id  TEXT    NOT NULL,                 -- store or region; '' for the chain
  tier      TEXT,                             -- customers that it is for; null: everybody
  inclusive INTEGER NOT NULL CHECK (inclusive IN (0, 1)) -- prices include GST
) STRICT;

-- Products. Changed by people and imports, never removed: a product that is no longer sold is inactive.
CREATE TABLE product (
  id           INTEGER NOT NULL PRIMARY KEY,
  sku          TEXT    NOT NULL COLLATE NOCASE UNIQUE,
  name         TEXT    NOT NULL COLLATE NOCASE, -- the English one of names_json, to sort by
  names_json   TEXT    NOT NULL,              -- by language tag
  brand_id     INTEGER NOT NULL,              -- 0: none
  brand        TEXT    NOT NULL COLLATE NOCASE, -- the brand's name again, so that an index sorts by it
  category_id  INTEGER NOT NULL,              -- 0: none
  category     TEXT    NOT NULL COLLATE NOCASE,
  hsn          TEXT    NOT NULL,              -- '' or 4, 6, 8 digits
  uqc          TEXT    NOT NULL,
  tax_class_id TEXT    NOT NULL,              -- '': not classified, cannot be sold (TAX-1)
  active       INTEGER NOT NULL CHECK (active IN (0, 1)),
  revision     INTEGER NOT NULL,              -- 1, 2, 3 … of this product
  change_no    INTEGER NOT NULL,              -- of its last change
  changed_at   INTEGER NOT NULL,
  search       TEXT    NOT NULL               -- its words, each between blanks; the same as its rows in product_word
) STRICT;
CREATE INDEX product_name ON product (name, id);                -- the list, by name
CREATE INDEX product_active ON product (active, id);            -- inactive ones
CREATE INDEX product_brand ON product (brand, id);              -- filter and sort by brand
CREATE INDEX product_category ON product (category, id);
CREATE INDEX product_tax_class ON product (tax_class_id, id);   -- filter; the unclassified; counts by class
CREATE INDEX product_hsn ON product (hsn, id);                  -- sort
CREATE INDEX product_change ON product (change_no, id);         -- latest changes; what to publish

-- GTINs of products in normal form, the first one printed on labels.
CREATE TABLE product_barcode (
  product_id  INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  code        TEXT    NOT NULL,
  active_code TEXT    UNIQUE,                 -- the code while its product is active: one product a scan
  PRIMARY KEY (product_id, position)
) STRICT, WITHOUT ROWID;

-- Goods of one production run (PRC-3). Ids are chain-wide and never used again.
CREATE TABLE product_batch (
  product_id        INTEGER NOT NULL,
  id                INTEGER NOT NULL,
  batch_no          TEXT    NOT NULL,         -- as printed; '' where the run is not known
  mrp_minor         INTEGER,
  revised_mrp_minor INTEGER,                  -- communicated by the maker after a tax revision
  expiry_kind       TEXT    CHECK (expiry_kind IN ('use-before', 'expiry')),
  expiry_month      TEXT,                     -- YYYY-MM
  PRIMARY KEY (product_id, id)
) STRICT, WITHOUT ROWID;

-- Selling prices in force in [from_at, until_at) (PRC-5).
CREATE TABLE product_price (
  product_id INTEGER NOT NULL,
  list_id    INTEGER NOT NULL,
  from_at    INTEGER NOT NULL,
  until_at   INTEGER,
  unit_minor INTEGER NOT NULL,
  PRIMARY KEY (product_id, list_id, from_at)
) STRICT, WITHOUT ROWID;

-- Words of names, brand, SKU and barcodes, folded to lower case without accents: the search by prefix.
CREATE TABLE product_word (
  word       TEXT    NOT NULL,
  product_id INTEGER NOT NULL,
  PRIMARY KEY (word, product_id)
) STRICT, WITHOUT ROWID;

-- Which product a row of an import file is: the hash of its key columns' values. Never removed, so
-- that the same row finds the same product for ever.
CREATE TABLE product_key (
  key_hash   BLOB    NOT NULL PRIMARY KEY,    -- SHA-256
  product_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Imports of product files: upload, check and run with their outcome. Changed only by the import itself.
CREATE TABLE import_run (
  id            TEXT    NOT NULL PRIMARY KEY,
  file_name     TEXT    NOT NULL,             -- as the person called it
  state         TEXT    NOT NULL CHECK (state IN ('uploaded', 'checking', 'checked', 'running', 'done', 'failed')),
  columns_json  TEXT    NOT NULL,
  sample_json   TEXT    NOT NULL,             -- first rows, to choose columns by
  mapping_json  TEXT,
  dry_run       INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
  rows_total    INTEGER,
  rows_read     INTEGER NOT NULL,
  rows_created  INTEGER NOT NULL,
  rows_changed  INTEGER NOT NULL,
  rows_same     INTEGER NOT NULL,
  rows_bad      INTEGER NOT NULL,
  bad_rows_json TEXT    NOT NULL,             -- the first of them; all are in the data folder
  message       TEXT,                         -- why it failed
  by_name       TEXT,
  created_at    INTEGER NOT NULL,
  beat_at       INTEGER NOT NULL,             -- last sign of life while it works
  finished_at   INTEGER
) STRICT;
CREATE INDEX import_run_created ON import_run (created_at); -- the latest
