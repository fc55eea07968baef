-- What was booked of each type, so that nobody who asks for the sums adds up the whole ledger: the totals up to a
-- row, which the sweeper moves on, and behind it the few rows that are newer.
CREATE TABLE booking_totals (
    type            TEXT    NOT NULL PRIMARY KEY,
    -- Absolute credits.
    amount          INTEGER NOT NULL,
    starting_grants INTEGER NOT NULL
) STRICT;
CREATE TABLE booking_cursor (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    up_to    INTEGER NOT NULL
) STRICT;
INSERT INTO booking_totals (type, amount, starting_grants)
SELECT type, sum(abs(amount)), sum(type = 'grant' AND reason = 'registration') FROM transactions GROUP BY type;
INSERT INTO booking_cursor (only_row, up_to) SELECT 1, coalesce(max(id), 0) FROM transactions;
