-- Who comes, and what finds them while somebody types.

-- Names and phones repeat in families: only the id is an identity.
CREATE TABLE customers (
    customer_no   INTEGER PRIMARY KEY,          -- what the full-text indexes below point at
    customer_id   TEXT NOT NULL UNIQUE,
    customer_name TEXT NOT NULL CHECK (customer_name <> ''),
    mobile        TEXT,                         -- as it was typed
    email         TEXT,
    born          TEXT CHECK (born GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    name_folded   TEXT NOT NULL,                -- words in small letters without accents
    phone_digits  TEXT,                         -- the digits of mobile
    created_at    INTEGER NOT NULL,
    created_by    TEXT NOT NULL
) STRICT;

CREATE INDEX customers_by_name ON customers (name_folded);
CREATE INDEX customers_by_birth ON customers (born) WHERE born IS NOT NULL;
-- "14.3." without a year
CREATE INDEX customers_by_birthday ON customers (substr(born, 6)) WHERE born IS NOT NULL;

-- Words of a name by their beginning.
CREATE VIRTUAL TABLE customer_names USING fts5 (
    name_folded,
    content = 'customers', content_rowid = 'customer_no',
    tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2 3', columnsize = 0
);
-- Three or more digits from anywhere in a phone number.
CREATE VIRTUAL TABLE customer_phones USING fts5 (
    phone_digits,
    content = 'customers', content_rowid = 'customer_no',
    tokenize = 'trigram', columnsize = 0
);
-- Every word that occurs in a name, once: what a mistyped word is compared with. A word whose last
-- bearer is gone may stay; it then leads to nobody.
CREATE TABLE name_words (
    word TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER customers_added AFTER INSERT ON customers BEGIN
    INSERT INTO customer_names (rowid, name_folded) VALUES (new.customer_no, new.name_folded);
    INSERT INTO customer_phones (rowid, phone_digits) VALUES (new.customer_no, new.phone_digits);
END;
CREATE TRIGGER customers_removed AFTER DELETE ON customers BEGIN
    INSERT INTO customer_names (customer_names, rowid, name_folded)
    VALUES ('delete', old.customer_no, old.name_folded);
    INSERT INTO customer_phones (customer_phones, rowid, phone_digits)
    VALUES ('delete', old.customer_no, old.phone_digits);
END;
CREATE TRIGGER customers_changed AFTER UPDATE OF name_folded, phone_digits ON customers BEGIN
    INSERT INTO customer_names (customer_names, rowid, name_folded)
    VALUES ('delete', old.customer_no, old.name_folded);
    INSERT INTO customer_phones (customer_phones, rowid, phone_digits)
    VALUES ('delete', old.customer_no, old.phone_digits);
    INSERT INTO customer_names (rowid, name_folded) VALUES (new.customer_no, new.name_folded);
    INSERT INTO customer_phones (rowid, phone_digits) VALUES (new.customer_no, new.phone_digits);
END;
