SET lock_timeout = '500ms';

-- Whether this transaction may see what support works with: set by `set_config('app.support', 'on', true)`,
-- beside `app.merchants`. In policies as a scalar sub-select, so that it is evaluated once.
CREATE FUNCTION current_support() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(current_setting('app.support', true), '') = 'on' $$;

-- A question of a merchant to the platform's support.
CREATE TABLE tickets (
    merchant_id           uuid        NOT NULL REFERENCES merchants (id) ON DELETE RESTRICT,
    id                    uuid        NOT NULL,
    -- What people say: counted for each merchant.
    number                bigint      NOT NULL CHECK (number > 0),
    category              text        NOT NULL CHECK (category IN ('technical', 'email_payments', 'transactions', 'risk', 'accounting', 'access', 'commercial')),
    priority              text        NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    subject               text        NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 150),
    -- Where support may call; asked for when payments are down.
    phone                 text        NOT NULL CHECK (char_length(phone) <= 40),
    visibility            text        NOT NULL CHECK (visibility IN ('private', 'company')),
    state                 text        NOT NULL CHECK (state IN ('open', 'waiting_support', 'waiting_merchant', 'solved', 'closed')),
    state_at              timestamptz NOT NULL,
    author_id             uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    assignee_id           uuid        REFERENCES users (id) ON DELETE RESTRICT,
    -- What it is about: one column per kind of thing, at most one of them filled.
    email_payment_id      uuid,
    -- The closed ticket that this one goes on from.
    follows               uuid,
    created_at            timestamptz NOT NULL,
    -- The last message's.
    answered_at           timestamptz NOT NULL,
    -- Both deadlines count support's hours only.
    first_answer_due_at   timestamptz NOT NULL,
    first_answered_at     timestamptz,
    -- While the clock of the solution runs: its end. While it stands: what is left of it.
    solution_due_at       timestamptz,
    solution_left_seconds integer     CHECK (solution_left_seconds >= 0),
    -- What is late first; the far end where support owes nothing.
    due_at                timestamptz NOT NULL GENERATED ALWAYS AS (
        CASE WHEN state IN ('open', 'waiting_support')
             THEN LEAST(CASE WHEN first_answered_at IS NULL THEN first_answer_due_at END, solution_due_at)
             ELSE '2200-01-01 00:00:00+00'::timestamptz END) STORED,
    PRIMARY KEY (merchant_id, id),
    CONSTRAINT tickets_number UNIQUE (merchant_id, number),
    FOREIGN KEY (merchant_id, email_payment_id) REFERENCES email_payments (merchant_id, id) ON DELETE RESTRICT,
    FOREIGN KEY (merchant_id, follows) REFERENCES tickets (merchant_id, id) ON DELETE RESTRICT,
    CHECK (follows <> id),
    CHECK ((solution_due_at IS NULL) <> (solution_left_seconds IS NULL)),
    CHECK ((state IN ('open', 'waiting_support')) = (solution_due_at IS NOT NULL)),
    CHECK (priority <> 'urgent' OR phone <> '')
);
CREATE INDEX tickets_by_answered_at ON tickets (merchant_id, answered_at DESC, id DESC);
COMMENT ON INDEX tickets_by_answered_at IS 'A merchant''s list, and support''s queue of one merchant: newest answer first.';
CREATE INDEX tickets_by_email_payment ON tickets (merchant_id, email_payment_id) WHERE email_payment_id IS NOT NULL;
COMMENT ON INDEX tickets_by_email_payment IS 'Foreign key; a payment''s tickets.';
CREATE INDEX tickets_by_follows ON tickets (merchant_id, follows) WHERE follows IS NOT NULL;
COMMENT ON INDEX tickets_by_follows IS 'A ticket''s page: what goes on from it; foreign key.';
CREATE INDEX tickets_by_author ON tickets (author_id, created_at);
COMMENT ON INDEX tickets_by_author IS 'Support''s queue by author; foreign key.';
CREATE INDEX tickets_by_assignee ON tickets (assignee_id, due_at, id);
COMMENT ON INDEX tickets_by_assignee IS 'Support''s queue: mine, nobody''s; foreign key.';
CREATE INDEX tickets_by_due_at ON tickets (due_at, id);
COMMENT ON INDEX tickets_by_due_at IS 'Support''s queue over all merchants: what is late first.';
CREATE INDEX tickets_by_state ON tickets (state, due_at, id);
COMMENT ON INDEX tickets_by_state IS 'Support''s queue: one state.';
CREATE INDEX tickets_by_created_at ON tickets (created_at DESC, id DESC);
COMMENT ON INDEX tickets_by_created_at IS 'Support''s queue: by age.';
CREATE INDEX tickets_by_last_answer ON tickets (answered_at DESC, id DESC);
COMMENT ON INDEX tickets_by_last_answer IS 'Support''s queue: by last answer.';
CREATE INDEX tickets_by_number ON tickets (number);
COMMENT ON INDEX tickets_by_number IS 'Support''s queue: a number that somebody says on the phone.';
CREATE INDEX tickets_solved ON tickets (state_at) WHERE state = 'solved';
COMMENT ON INDEX tickets_solved IS 'Job: closes what nobody has answered for fourteen days.';
CREATE INDEX tickets_by_subject ON tickets USING gin (folded(subject) gin_trgm_ops);
COMMENT ON INDEX tickets_by_subject IS 'Support''s queue: the search box.';

-- The allowed moves, once more where no code path can go around them.
CREATE FUNCTION tickets_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.merchant_id, NEW.id, NEW.number, NEW.author_id, NEW.created_at) <> (OLD.merchant_id, OLD.id, OLD.number, OLD.author_id, OLD.created_at) THEN
        RAISE EXCEPTION 'a ticket stays whose it is';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state || ' ' || NEW.state) NOT IN (
        'open waiting_support', 'open waiting_merchant', 'open solved',
        'waiting_support waiting_merchant', 'waiting_support solved',
        'waiting_merchant waiting_support', 'waiting_merchant solved',
        'solved waiting_support', 'solved waiting_merchant', 'solved closed')
    THEN
        RAISE EXCEPTION 'no way from % to %', OLD.state, NEW.state;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tickets_move BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION tickets_move();

ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tickets
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
CREATE POLICY support ON tickets TO app USING ((SELECT current_support())) WITH CHECK ((SELECT current_support()));
CREATE POLICY lookup ON tickets FOR SELECT TO app_lookup USING (true);
GRANT SELECT, INSERT, UPDATE ON tickets TO app;
GRANT SELECT, UPDATE ON tickets TO app_jobs;
GRANT SELECT ON tickets TO app_lookup;

-- What was said in a ticket. Nothing is ever changed or taken out.
CREATE TABLE ticket_messages (
    merchant_id uuid        NOT NULL,
    ticket_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    author_id   uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    by_support  boolean     NOT NULL,
    text        text        NOT NULL CHECK (char_length(text) BETWEEN 1 AND 10000),
    at          timestamptz NOT NULL,
    -- Of the form that it came by: sent twice, it is said once.
    form_id     uuid        NOT NULL,
    PRIMARY KEY (merchant_id, id),
    CONSTRAINT ticket_messages_form UNIQUE (merchant_id, author_id, form_id),
    UNIQUE (merchant_id, ticket_id, id),
    FOREIGN KEY (merchant_id, ticket_id) REFERENCES tickets (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX ticket_messages_by_author ON ticket_messages (author_id);
COMMENT ON INDEX ticket_messages_by_author IS 'Foreign key: taking a user out.';
ALTER TABLE ticket_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_messages
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON ticket_messages TO app;
GRANT SELECT ON ticket_messages TO app_jobs;

-- Each state that a ticket came into, when, and by whom.
CREATE TABLE ticket_states (
    merchant_id uuid        NOT NULL,
    ticket_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('open', 'waiting_support', 'waiting_merchant', 'solved', 'closed')),
    -- Null: the clock.
    user_id     uuid        REFERENCES users (id) ON DELETE RESTRICT,
    at          timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, ticket_id, id),
    FOREIGN KEY (merchant_id, ticket_id) REFERENCES tickets (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX ticket_states_by_user ON ticket_states (user_id) WHERE user_id IS NOT NULL;
COMMENT ON INDEX ticket_states_by_user IS 'Foreign key: taking a user out.';
ALTER TABLE ticket_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_states FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_states
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON ticket_states TO app, app_jobs;

-- A file of a message. Its bytes, made anew where they are a picture, lie in the store.
CREATE TABLE ticket_files (
    merchant_id uuid   NOT NULL,
    -- Random: it says nothing and can't be guessed.
    id          uuid   NOT NULL,
    ticket_id   uuid   NOT NULL,
    message_id  uuid   NOT NULL,
    -- As its sender calls it: to be shown and nothing else.
    name        text   NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    sha256      bytea  NOT NULL CHECK (octet_length(sha256) = 32),
    size_bytes  bigint NOT NULL CHECK (size_bytes BETWEEN 1 AND 26214400),
    PRIMARY KEY (merchant_id, id),
    FOREIGN KEY (merchant_id, ticket_id, message_id) REFERENCES ticket_messages (merchant_id, ticket_id, id) ON DELETE RESTRICT
);
CREATE INDEX ticket_files_by_message ON ticket_files (merchant_id, ticket_id, message_id);
COMMENT ON INDEX ticket_files_by_message IS 'A ticket''s page: its files; foreign key.';
ALTER TABLE ticket_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_files FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_files
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON ticket_files TO app;

-- Who of the merchant's people sees a ticket and hears of its answers, besides its author.
CREATE TABLE ticket_watchers (
    merchant_id uuid        NOT NULL,
    ticket_id   uuid        NOT NULL,
    user_id     uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    at          timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, ticket_id, user_id),
    FOREIGN KEY (merchant_id, ticket_id) REFERENCES tickets (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX ticket_watchers_by_user ON ticket_watchers (user_id);
COMMENT ON INDEX ticket_watchers_by_user IS 'Foreign key: taking a user out.';
ALTER TABLE ticket_watchers ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_watchers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_watchers
    USING (merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK (merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT, DELETE ON ticket_watchers TO app;
GRANT SELECT ON ticket_watchers TO app_jobs;

-- What support writes for support. No transaction of a merchant's reaches it: the policy asks for
-- support's setting as well. Jobs have no grant, so that no mail can hold a note.
CREATE TABLE ticket_notes (
    merchant_id uuid        NOT NULL,
    ticket_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    author_id   uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    text        text        NOT NULL CHECK (char_length(text) BETWEEN 1 AND 10000),
    at          timestamptz NOT NULL,
    PRIMARY KEY (merchant_id, ticket_id, id),
    FOREIGN KEY (merchant_id, ticket_id) REFERENCES tickets (merchant_id, id) ON DELETE RESTRICT
);
CREATE INDEX ticket_notes_by_author ON ticket_notes (author_id);
COMMENT ON INDEX ticket_notes_by_author IS 'Foreign key: taking a user out.';
ALTER TABLE ticket_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_notes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticket_notes
    USING ((SELECT current_support()) AND merchant_id = ANY ((SELECT current_merchants())::uuid[]))
    WITH CHECK ((SELECT current_support()) AND merchant_id = ANY ((SELECT current_merchants())::uuid[]));
GRANT SELECT, INSERT ON ticket_notes TO app;

-- Answers that support gives often, with fields such as {name}.
CREATE TABLE canned_answers (
    id         uuid        PRIMARY KEY,
    language   text        NOT NULL CHECK (language IN ('en', 'it', 'es', 'fr')),
    title      text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
    text       text        NOT NULL CHECK (char_length(text) BETWEEN 1 AND 10000),
    changed_by uuid        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    changed_at timestamptz NOT NULL,
    UNIQUE (language, title)
);
CREATE INDEX canned_answers_by_changed_by ON canned_answers (changed_by);
COMMENT ON INDEX canned_answers_by_changed_by IS 'Foreign key: taking a user out.';
ALTER TABLE canned_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE canned_answers FORCE ROW LEVEL SECURITY;
CREATE POLICY support ON canned_answers USING ((SELECT current_support())) WITH CHECK ((SELECT current_support()));
GRANT SELECT, INSERT, UPDATE, DELETE ON canned_answers TO app;

-- Support reads whose a ticket is.
CREATE POLICY support ON merchants FOR SELECT TO app USING ((SELECT current_support()));

-- The search box of support's queue, as ids: `LIKE` reaches its index only here (it is not leakproof).
CREATE FUNCTION tickets_search(pattern text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF current_support() THEN
        RETURN QUERY SELECT t.id FROM tickets t WHERE folded(t.subject) LIKE pattern;
    END IF;
END $$;
-- Solved tickets that nobody has answered since.
CREATE FUNCTION tickets_to_close(since timestamptz, most integer) RETURNS TABLE (merchant_id uuid, ticket_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT t.merchant_id, t.id FROM tickets t WHERE t.state = 'solved' AND t.state_at <= since ORDER BY t.state_at LIMIT most $$;
ALTER FUNCTION tickets_search(text) OWNER TO app_lookup;
ALTER FUNCTION tickets_to_close(timestamptz, integer) OWNER TO app_lookup;
SET ROLE app_lookup;
REVOKE ALL ON FUNCTION tickets_search(text), tickets_to_close(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_search(text) TO app;
GRANT EXECUTE ON FUNCTION tickets_to_close(timestamptz, integer) TO app_jobs;
SET ROLE app_owner;

-- A mail may tell about a message of a ticket.
ALTER TABLE mails
    ADD COLUMN ticket_message_id uuid,
    ADD CONSTRAINT mails_ticket_message_id_fkey FOREIGN KEY (merchant_id, ticket_message_id)
        REFERENCES ticket_messages (merchant_id, id) ON DELETE RESTRICT NOT VALID,
    DROP CONSTRAINT mails_about_one_thing,
    ADD CONSTRAINT mails_about_one_thing CHECK (num_nonnulls(email_payment_id, invitation_id, notice_id, ticket_message_id) = 1) NOT VALID,
    DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('request', 'reminder', 'receipt', 'cancelled', 'invitation', 'notice', 'ticket')) NOT VALID;
ALTER TABLE mails VALIDATE CONSTRAINT mails_ticket_message_id_fkey;
ALTER TABLE mails VALIDATE CONSTRAINT mails_about_one_thing;
ALTER TABLE mails VALIDATE CONSTRAINT mails_kind_check;
CREATE INDEX mails_by_ticket_message ON mails (merchant_id, ticket_message_id) WHERE ticket_message_id IS NOT NULL;
COMMENT ON INDEX mails_by_ticket_message IS 'Foreign key; who was told about a message.';
