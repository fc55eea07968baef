-- Who may do what. The role that applies the migrations owns the tables. The running service logs in as a
-- member of mlbilling_service, which may append to the ledger but never change it; reports and dashboards as
-- a member of mlbilling_reports, which reads the book and none of the users' texts. Roles belong to the whole
-- server, so they may be there already; an owner who may not make roles has them made by the administrator
-- before migrating, or does without: then the triggers alone stand guard.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['mlbilling_service', 'mlbilling_reports'] LOOP
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN CONTINUE; END IF;
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION
            WHEN insufficient_privilege THEN RAISE NOTICE 'role % cannot be made by %', name, current_user;
            -- Another database of the server is being migrated at the same time.
            WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;

    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_service') THEN
        GRANT SELECT, INSERT, UPDATE ON users, balances, prices, tasks, holds TO mlbilling_service;
        GRANT SELECT, INSERT ON transactions, audit TO mlbilling_service;
        GRANT SELECT, INSERT, UPDATE, DELETE ON leases, inbox, outbox, deliveries, proposals, cached_results, poll_leases,
                                                  quotas
            TO mlbilling_service;
        GRANT SELECT ON task_records, user_profiles, delivery_records, schema_migrations TO mlbilling_service;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mlbilling_reports') THEN
        GRANT SELECT ON balances, prices, holds, transactions, leases, outbox, schema_migrations TO mlbilling_reports;
        GRANT SELECT (id, telegram_id, role, language, created_at) ON users TO mlbilling_reports;
        GRANT SELECT (id, number, user_id, type, status, failure, cost, created_at, finished_at, price_id,
                      units_claimed, units_measured, cached, provider, provider_cost, attempt, leased_until,
                      next_attempt_at, deadline_at) ON tasks TO mlbilling_reports;
        GRANT SELECT (id, user_id, kind, task_id, state, attempt, due_at, parts_sent, created_at, sent_at)
            ON deliveries TO mlbilling_reports;
    END IF;
END
$$;
