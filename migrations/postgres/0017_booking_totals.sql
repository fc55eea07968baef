-- What was booked of each type, so that nobody who asks for the sums adds up the whole ledger: the totals up to a row,
-- which the sweeper moves on, and behind it the few rows that are newer.
CREATE TABLE booking_totals (
    type            text   NOT NULL PRIMARY KEY,
    -- Absolute credits.
    amount          bigint NOT NULL,
    starting_grants bigint NOT NULL
);
-- One row. Ids of transactions are not committed in their order: what is not in the totals yet is added when every
-- transaction has ended that may have had an id up to next_up_to when that was noted.
CREATE TABLE booking_cursor (
    only_row   boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
    up_to      bigint  NOT NULL,
    next_up_to bigint  NOT NULL,
    next_xmax  xid8    NOT NULL
);

-- Nobody books meanwhile.
LOCK TABLE transactions IN SHARE MODE;
INSERT INTO booking_totals (type, amount, starting_grants)
SELECT type, sum(abs(amount)), count(*) FILTER (WHERE type = 'grant' AND reason = 'registration')
  FROM transactions GROUP BY type;
INSERT INTO booking_cursor (up_to, next_up_to, next_xmax)
SELECT coalesce(max(id), 0), coalesce(max(id), 0), '0' FROM transactions;

-- Moves the totals on. Whoever finds another at it leaves it to them.
CREATE FUNCTION fold_bookings() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    noted booking_cursor;
    last  bigint;
BEGIN
    SELECT c.* INTO noted FROM booking_cursor c FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF noted.next_up_to > noted.up_to THEN
        IF pg_snapshot_xmin(pg_current_snapshot()) < noted.next_xmax THEN
            RETURN;
        END IF;
        INSERT INTO booking_totals AS t (type, amount, starting_grants)
        SELECT x.type, sum(abs(x.amount)), count(*) FILTER (WHERE x.type = 'grant' AND x.reason = 'registration')
          FROM transactions x WHERE x.id > noted.up_to AND x.id <= noted.next_up_to GROUP BY x.type
        ON CONFLICT (type) DO UPDATE
           SET amount = t.amount + excluded.amount, starting_grants = t.starting_grants + excluded.starting_grants;
    END IF;
    SELECT max(x.id) INTO last FROM transactions x;
    IF coalesce(last, 0) > noted.up_to THEN
        UPDATE booking_cursor SET up_to = noted.next_up_to, next_up_to = last,
                                  next_xmax = pg_snapshot_xmax(pg_current_snapshot());
    END IF;
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_service') THEN
        GRANT SELECT, INSERT, UPDATE ON booking_totals, booking_cursor TO mlbilling_service;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_reports') THEN
        GRANT SELECT ON booking_totals, booking_cursor TO mlbilling_reports;
    END IF;
END
$$;
