-- Who comes, and what finds them while somebody types.

-- Names and phones repeat in families: only the id is an identity.
CREATE TABLE customers (
    customer_no   INTEGER PRIMARY KEY,          -- what the indexes below point at
    customer_id   TEXT NOT NULL UNIQUE,
    customer_name TEXT NOT NULL CHECK (customer_name <> ''),
    mobile        TEXT,                         -- as it was typed
    email         TEXT,
    born          TEXT CHECK (born GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    name_folded   TEXT NOT NULL,                -- words in small letters without accents
    phone_digits  TEXT,                         -- of mobile, 15 at most (E.164)
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
-- Every ending of a phone number: digits from anywhere in it are the beginning of one of them, and
-- those that the number ends with come first.
CREATE TABLE phone_endings (
    ending      TEXT NOT NULL,
    customer_no INTEGER NOT NULL,
    PRIMARY KEY (ending, customer_no)
) STRICT, WITHOUT ROWID;
-- Every word that occurs in a name, once: what a mistyped word is compared with. A word whose last
-- bearer is gone may stay; it then leads to nobody.
CREATE TABLE name_words (
    word TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Where in a number its endings may begin.
CREATE VIEW ending_starts (n) AS
VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15);

CREATE TRIGGER customers_added AFTER INSERT ON customers BEGIN
    INSERT INTO customer_names (rowid, name_folded) VALUES (new.customer_no, new.name_folded);
    INSERT INTO phone_endings (ending, customer_no)
    SELECT substr(new.phone_digits, n), new.customer_no FROM ending_starts
    WHERE n <= length(new.phone_digits);
END;
CREATE TRIGGER customers_removed AFTER DELETE ON customers BEGIN
    INSERT INTO customer_names (customer_names, rowid, name_folded)
    VALUES ('delete', old.customer_no, old.name_folded);
    DELETE FROM phone_endings WHERE customer_no = old.customer_no
        AND ending IN (SELECT substr(old.phone_digits, n) FROM ending_starts);
END;
CREATE TRIGGER customers_changed AFTER UPDATE OF name_folded, phone_digits ON customers BEGIN
    INSERT INTO customer_names (customer_names, rowid, name_folded)
    VALUES ('delete', old.customer_no, old.name_folded);
    INSERT INTO customer_names (rowid, name_folded) VALUES (new.customer_no, new.name_folded);
    DELETE FROM phone_endings WHERE customer_no = old.customer_no
        AND ending IN (SELECT substr(old.phone_digits, n) FROM ending_starts);
    INSERT INTO phone_endings (ending, customer_no)
    SELECT substr(new.phone_digits, n), new.customer_no FROM ending_starts
    WHERE n <= length(new.phone_digits);
END;
