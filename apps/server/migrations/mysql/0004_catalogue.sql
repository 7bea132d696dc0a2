-- Numbers that the catalogue has given out. One row, made with the first change. Every change of
-- products, tax classes or price lists raises change_no first, so that changes queue behind each
-- other and a publication can ask for everything after the number that it saw last.
CREATE TABLE catalogue_counter (
  id          INT    NOT NULL PRIMARY KEY CHECK (id = 1),
  change_no   BIGINT NOT NULL,
  product_no  INT    NOT NULL,               -- last id given; ids are never used again
  batch_no    INT    NOT NULL,
  brand_no    INT    NOT NULL,
  category_no INT    NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Brands as they were first spelled. Made with the first product of the brand, never removed.
CREATE TABLE brand (
  id       INT          NOT NULL PRIMARY KEY,
  name     VARCHAR(120) COLLATE utf8mb4_unicode_ci NOT NULL,
  name_key VARCHAR(250) NOT NULL UNIQUE      -- without case and accents: one brand, however it is typed
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Categories, kept like brands.
CREATE TABLE category (
  id       INT          NOT NULL PRIMARY KEY,
  name     VARCHAR(120) COLLATE utf8mb4_unicode_ci NOT NULL,
  name_key VARCHAR(250) NOT NULL UNIQUE
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Tax classes (TAX-1). Changed by people, never removed, since bills and products refer to them.
CREATE TABLE tax_class (
  id   VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  name VARCHAR(120) COLLATE utf8mb4_unicode_ci NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Rates of a tax class; each is in force until the next begins.
CREATE TABLE tax_rate (
  tax_class_id VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_at      BIGINT      NOT NULL,         -- ms since 1970 UTC
  kind         VARCHAR(10) NOT NULL CHECK (kind IN ('taxable', 'nil', 'exempt', 'non-gst')),
  rate_bp      INT         NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
  PRIMARY KEY (tax_class_id, from_at),
  FOREIGN KEY (tax_class_id) REFERENCES tax_class (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Price lists (PRC-4). Made by people; scope and place never change, so that an old version of the
-- rulebook shows each store the same rows for ever.
CREATE TABLE price_list (
  id        INT          NOT NULL PRIMARY KEY,
  name      VARCHAR(120) COLLATE utf8mb4_unicode_ci NOT NULL,
  scope     VARCHAR(6)   NOT NULL CHECK (scope IN ('store', 'region', 'chain')),
  scope_id  VARCHAR(36)  NOT NULL,           -- store or region; '' for the chain
  tier      VARCHAR(40),                     -- customers that it is for; null: everybody
  inclusive TINYINT      NOT NULL CHECK (inclusive IN (0, 1)) -- prices include GST
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Products. Changed by people and imports, never removed: a product that is no longer sold is inactive.
CREATE TABLE product (
  id           INT          NOT NULL PRIMARY KEY,
  sku          VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL UNIQUE,
  name         VARCHAR(200) COLLATE utf8mb4_unicode_ci NOT NULL, -- the English one of names_json, to sort by
  names_json   LONGTEXT     NOT NULL,        -- by language tag
  brand_id     INT          NOT NULL,        -- 0: none
  brand        VARCHAR(120) COLLATE utf8mb4_unicode_ci NOT NULL, -- the brand's name again, so that an index sorts by it
  category_id  INT          NOT NULL,        -- 0: none
  category     VARCHAR(120) COLLATE utf8mb4_unicode_ci NOT NULL,
  hsn          VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- '' or 4, 6, 8 digits
  uqc          VARCHAR(5)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tax_class_id VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL, -- '': not classified, cannot be sold (TAX-1)
  active       TINYINT      NOT NULL CHECK (active IN (0, 1)),
  revision     INT          NOT NULL,        -- 1, 2, 3 … of this product
  change_no    BIGINT       NOT NULL,        -- of its last change
  changed_at   BIGINT       NOT NULL,
  search       TEXT         NOT NULL,        -- its words, each between blanks; the same as its rows in product_word
  KEY product_name (name, id),              -- the list, by name
  KEY product_active (active, id),          -- inactive ones
  KEY product_brand (brand, id),            -- filter and sort by brand
  KEY product_category (category, id),
  KEY product_tax_class (tax_class_id, id), -- filter; the unclassified; counts by class
  KEY product_hsn (hsn, id),                -- sort
  KEY product_change (change_no, id)        -- latest changes; what to publish
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- GTINs of products in normal form, the first one printed on labels.
CREATE TABLE product_barcode (
  product_id  INT         NOT NULL,
  position    INT         NOT NULL,
  code        VARCHAR(14) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  active_code VARCHAR(14) CHARACTER SET ascii COLLATE ascii_bin UNIQUE, -- the code while its product is active: one product a scan
  PRIMARY KEY (product_id, position)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Goods of one production run (PRC-3). Ids are chain-wide and never used again.
CREATE TABLE product_batch (
  product_id        INT         NOT NULL,
  id                INT         NOT NULL,
  batch_no          VARCHAR(40) NOT NULL,    -- as printed; '' where the run is not known
  mrp_minor         BIGINT,
  revised_mrp_minor BIGINT,                  -- communicated by the maker after a tax revision
  expiry_kind       VARCHAR(10) CHECK (expiry_kind IN ('use-before', 'expiry')),
  expiry_month      CHAR(7)     CHARACTER SET ascii COLLATE ascii_bin, -- YYYY-MM
  PRIMARY KEY (product_id, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Selling prices in force in [from_at, until_at) (PRC-5).
CREATE TABLE product_price (
  product_id INT    NOT NULL,
  list_id    INT    NOT NULL,
  from_at    BIGINT NOT NULL,
  until_at   BIGINT,
  unit_minor BIGINT NOT NULL,
  PRIMARY KEY (product_id, list_id, from_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Words of names, brand, SKU and barcodes, folded to lower case without accents: the search by prefix.
CREATE TABLE product_word (
  word       VARCHAR(40) NOT NULL,
  product_id INT         NOT NULL,
  PRIMARY KEY (word, product_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Which product a row of an import file is: the hash of its key columns' values. Never removed, so
-- that the same row finds the same product for ever.
CREATE TABLE product_key (
  key_hash   BINARY(32) NOT NULL PRIMARY KEY, -- SHA-256
  product_id INT        NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Imports of product files: upload, check and run with their outcome. Changed only by the import itself.
CREATE TABLE import_run (
  id            CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  file_name     VARCHAR(250) NOT NULL,       -- as the person called it
  state         VARCHAR(10)  NOT NULL CHECK (state IN ('uploaded', 'checking', 'checked', 'running', 'done', 'failed')),
  columns_json  LONGTEXT     NOT NULL,
  sample_json   LONGTEXT     NOT NULL,       -- first rows, to choose columns by
  mapping_json  LONGTEXT,
  dry_run       TINYINT      NOT NULL CHECK (dry_run IN (0, 1)),
  rows_total    INT,
  rows_read     INT          NOT NULL,
  rows_created  INT          NOT NULL,
  rows_changed  INT          NOT NULL,
  rows_same     INT          NOT NULL,
  rows_bad      INT          NOT NULL,
  bad_rows_json LONGTEXT     NOT NULL,       -- the first of them; all are in the data folder
  message       TEXT,                        -- why it failed
  by_name       VARCHAR(200),
  created_at    BIGINT       NOT NULL,
  beat_at       BIGINT       NOT NULL,       -- last sign of life while it works
  finished_at   BIGINT,
  KEY import_run_created (created_at)        -- the latest
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
