-- Uses of quotas of which little is allowed in a long time, and places in the lines for them.
CREATE TABLE quota_turns (
    name   text        NOT NULL,
    -- Who stands in line or went last; absent: a use that is counted only.
    holder text,
    -- When it was used, or when it is the holder's turn.
    at     timestamptz NOT NULL,
    used   boolean     NOT NULL,
    CHECK (used OR holder IS NOT NULL)
);
CREATE INDEX quota_turns_by_time ON quota_turns (name, at);
CREATE UNIQUE INDEX quota_turns_by_holder ON quota_turns (name, holder) WHERE holder IS NOT NULL;

-- Quotas::take_turn: milliseconds until the holder's turn, 0 when it went.
CREATE FUNCTION take_turn(p_at timestamptz, p_name text, p_holder text, p_count bigint, p_per bigint, p_keep boolean)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    per      interval := p_per * interval '1 millisecond';
    kept_for interval := interval '10 minutes';
    present  timestamptz;
    due      timestamptz;
    free_at  timestamptz;
BEGIN
    -- One after the other; the moment is taken when it is one's own.
    PERFORM pg_advisory_xact_lock(hashtextextended('mlbilling quota ' || p_name, 0));
    present := coalesce(p_at, date_trunc('milliseconds', clock_timestamp()));
    DELETE FROM quota_turns t WHERE t.name = p_name AND t.at <= present - per AND t.used;
    DELETE FROM quota_turns t WHERE t.name = p_name AND t.at <= present - kept_for AND NOT t.used;
    -- What the holder used is counted still, but is nobody's place any more.
    UPDATE quota_turns t SET holder = NULL WHERE t.name = p_name AND t.holder = p_holder AND t.used;
    SELECT t.at INTO due FROM quota_turns t WHERE t.name = p_name AND t.holder = p_holder;
    IF due > present THEN
        RETURN ceil(extract(epoch FROM due - present) * 1000);
    END IF;
    -- A newcomer comes behind all who stand in line; who has a place, behind those only who went.
    SELECT t.at + per INTO free_at FROM quota_turns t
     WHERE t.name = p_name AND (t.used OR due IS NULL)
     ORDER BY t.at DESC OFFSET p_count - 1 LIMIT 1;
    free_at := greatest(present, free_at);
    IF due IS NOT NULL THEN
        UPDATE quota_turns t SET at = free_at, used = (free_at = present)
         WHERE t.name = p_name AND t.holder = p_holder;
    ELSIF p_keep OR free_at = present THEN
        INSERT INTO quota_turns (name, holder, at, used) VALUES (p_name, p_holder, free_at, free_at = present);
    END IF;
    RETURN ceil(extract(epoch FROM free_at - present) * 1000);
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_service') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON quota_turns TO mlbilling_service;
    END IF;
END
$$;
