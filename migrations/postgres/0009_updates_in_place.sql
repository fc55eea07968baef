-- What keeps the updates of a task's life within their page (HOT), measured with batches of hundreds: rows that are
-- written together are also leased and settled together, so a page must hold the next version of every one of its
-- rows at once. With less room, two of three updates went to another page and wrote all indexes anew.
ALTER TABLE tasks SET (fillfactor = 40);
ALTER TABLE holds SET (fillfactor = 50);

-- Claims change a delivery's state and when it is due, so no index may name these; `stage` changes once, at the end.
-- Those that are open are found by their chat, and by the sweep, which reads them all. They have one index: with a
-- second one, the planner, to whom there are hardly any, reads all of that instead of the chat's few.
DROP INDEX deliveries_due, deliveries_given_up, deliveries_of_a_chat;
ALTER TABLE deliveries
    ADD COLUMN stage text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
        CASE state WHEN 'sent' THEN 'sent' WHEN 'unknown' THEN 'given up' WHEN 'dead' THEN 'given up' ELSE 'open' END)
        STORED,
    SET (fillfactor = 50);
CREATE INDEX deliveries_of_a_chat ON deliveries (chat_id, id) WHERE stage = 'open';
CREATE INDEX deliveries_given_up ON deliveries (id) WHERE stage = 'given up';

-- A BEFORE trigger has every row locked, and the lock written to the log, before its condition is looked at. An AFTER
-- trigger refuses the same changes and costs a look at the old row.
DROP TRIGGER an_ended_task_stays_ended ON tasks;
CREATE TRIGGER an_ended_task_stays_ended AFTER UPDATE OF status, cost, result, finished_at ON tasks
FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL)
EXECUTE FUNCTION refuse_change('a task that has ended never changes its end');
DROP TRIGGER a_hold_is_resolved_once ON holds;
CREATE TRIGGER a_hold_is_resolved_once AFTER UPDATE ON holds FOR EACH ROW WHEN (OLD.state <> 'open')
EXECUTE FUNCTION refuse_change('a hold is resolved once');
