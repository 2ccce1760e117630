//! The database against the program, and against its own rules.

use std::collections::{BTreeMap, BTreeSet};

use central::db::Db;
use diesel::prelude::*;

use crate::support::*;

/// The texts that a query gives in a freshly migrated database.
fn ask(database: &str, query: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Value {
        #[diesel(sql_type = diesel::sql_types::Text)]
        value: String,
    }
    let db = Db::new(&cluster().superuser_url(database), 1, true);
    let query = format!("SELECT value::text AS value FROM ({query}) AS q (value) ORDER BY 1");
    let rows = db.with_connection(|conn| Ok(diesel::sql_query(&query).load::<Value>(conn)?));
    rows.unwrap_or_else(|error| panic!("{error:?}: {query}"))
        .into_iter()
        .map(|row| row.value)
        .collect()
}

/// Changes a database, as the superuser.
fn change(database: &str, statement: &str) {
    let db = Db::new(&cluster().superuser_url(database), 1, true);
    db.with_connection(|conn| Ok(diesel::sql_query(statement).execute(conn)?)).expect("a change");
}

/// What is to be empty, in a freshly migrated database.
fn assert_none(query: &str) {
    assert_eq!(ask(&database(), query), Vec::<String>::new(), "{query}");
}

/// What a file of `diesel::table!` says: a line for each column.
fn told(path: &str) -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    for table in source(path).split("diesel::table! {").skip(1) {
        let name = found(r"(?m)^\s*(\w+) \(.*\{$", table).remove(0);
        for line in table.lines().take_while(|line| *line != "}") {
            if let Some((column, kind)) = line.trim().trim_end_matches(',').split_once(" -> ") {
                columns.insert(format!("{name}.{column} {kind}"));
            }
        }
    }
    columns
}

#[test]
fn the_programs_tables_are_those_of_the_database() {
    let program = told("src/db/schema.rs");
    assert!(program.len() > 120, "{}", program.len());
    let columns = ask(
        &database(),
        "SELECT c.relname || '.' || a.attname || ' ' || CASE WHEN a.attnotnull THEN t.name
                    ELSE 'Nullable<' || t.name || '>' END
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         CROSS JOIN LATERAL (SELECT CASE format_type(a.atttypid, a.atttypmod)
             WHEN 'uuid' THEN 'Uuid' WHEN 'text' THEN 'Text' WHEN 'bigint' THEN 'Int8'
             WHEN 'integer' THEN 'Int4' WHEN 'boolean' THEN 'Bool' WHEN 'bytea' THEN 'Bytea'
             WHEN 'jsonb' THEN 'Jsonb' WHEN 'timestamp with time zone' THEN 'Timestamptz' WHEN 'date' THEN 'Date'
             WHEN 'text[]' THEN 'Array<Nullable<Text>>'
             ELSE format_type(a.atttypid, a.atttypmod) END AS name) t
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
           AND c.relname NOT IN ('__diesel_schema_migrations', 'audit_seals')",
    );
    let database: BTreeSet<String> = columns.into_iter().collect();
    assert_eq!(program.difference(&database).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(database.difference(&program).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// Postgres holds every column of a view for nullable: whether it is, its table's column tells.
#[test]
fn the_programs_views_are_those_of_the_database() {
    let program = told("src/db/views.rs");
    let columns = ask(
        &database(),
        "SELECT v.table_name || '.' || v.column_name || ' ' || CASE WHEN t.is_nullable = 'YES'
                    THEN 'Nullable<' || k.name || '>' ELSE k.name END
         FROM information_schema.columns v
         LEFT JOIN information_schema.columns t ON t.table_schema = 'public'
             AND t.table_name || '_list' = v.table_name AND t.column_name = v.column_name
         CROSS JOIN LATERAL (SELECT CASE v.data_type
             WHEN 'uuid' THEN 'Uuid' WHEN 'text' THEN 'Text' WHEN 'bigint' THEN 'Int8'
             WHEN 'integer' THEN 'Int4' WHEN 'boolean' THEN 'Bool'
             WHEN 'timestamp with time zone' THEN 'Timestamptz' ELSE v.data_type END AS name) k
         WHERE v.table_name IN (SELECT table_name FROM information_schema.views WHERE table_schema = 'public')",
    );
    let database: BTreeSet<String> = columns.into_iter().collect();
    assert_eq!(program, database);
}

/// The list sees the same columns as the table, but for what opens pay links.
#[test]
fn the_list_of_email_payments_leaves_out_the_tokens_alone() {
    assert_eq!(
        ask(
            &database(),
            "SELECT column_name || ' ' || string_agg(table_name, ' ') FROM information_schema.columns
             WHERE table_name IN ('email_payments', 'email_payments_list')
             GROUP BY column_name HAVING count(*) = 1",
        ),
        [
            "pay_token_encrypted email_payments",
            "pay_token_hash email_payments",
            "search_text email_payments_list"
        ]
    );
}

/// Which columns hold the words of which enum. `audit_log.actor` may say more than events do.
const ENUMS: [(&str, &[&str]); 50] = [
    ("Act", &["operation_requests.operation"]),
    ("Actor", &["audit_log.actor"]),
    ("AttemptStatus", &["payment_attempts.status", "transactions.status"]),
    ("BulkAct", &["bulk_actions.act"]),
    ("BulkState", &["bulk_actions.state"]),
    ("Category", &["tickets.category"]),
    ("Channel", &["transactions.channel"]),
    ("Confirmation", &["confirmation_switches.confirmation"]),
    ("Delivery", &["email_payments.delivery"]),
    ("DifferenceKind", &["transaction_differences.kind"]),
    ("DifferenceState", &["transaction_differences.state"]),
    ("EmailChangeEnd", &["email_changes.end_reason"]),
    ("EndReason", &["email_payments.end_reason"]),
    ("EventKind", &["email_payment_events.kind"]),
    ("ExportList", &["exports.list"]),
    ("ExportState", &["exports.state"]),
    ("Failure", &["transaction_imports.failure"]),
    ("Feature", &["feature_switches.feature"]),
    ("FileFormat", &["exports.format"]),
    ("GatewayList", &["transaction_imports.source"]),
    ("ImportState", &["imports.state"]),
    ("InvitationEnd", &["invitations.end_reason"]),
    ("Kind", &["documents.kind"]),
    ("MailKind", &["mails.kind"]),
    ("MailState", &["mails.state"]),
    ("MerchantRole", &["invitations.role", "memberships.role"]),
    ("NoticeKind", &["notification_choices.kind"]),
    ("Operation", &["transactions.operation"]),
    ("OperationState", &["operation_requests.state"]),
    ("Priority", &["tickets.priority"]),
    ("Reason", &["import_rows.reason"]),
    ("ReminderKind", &["email_payment_reminders.kind"]),
    ("ReminderReason", &["email_payment_reminders.reason"]),
    ("ReminderState", &["email_payment_reminders.state"]),
    ("RequestAnswer", &["notification_requests.answer"]),
    ("Rhythm", &["merchants.statement_rhythm"]),
    ("Round", &["transaction_imports.round"]),
    ("RowOutcome", &["bulk_action_rows.state"]),
    ("RowState", &["import_rows.state"]),
    ("SendHindrance", &["email_payments.send_hindrance"]),
    ("SkipReason", &["bulk_action_rows.reason"]),
    ("Source", &["documents.source"]),
    ("StaffRole", &["users.staff_role"]),
    ("State", &["document_states.state", "documents.state"]),
    ("Status", &["email_payments.status"]),
    ("TicketState", &["ticket_states.state", "tickets.state"]),
    ("Told", &["notices.kind"]),
    ("Visibility", &["tickets.visibility"]),
    ("VisitKind", &["pay_link_visits.kind"]),
    ("VisitReason", &["pay_link_visits.why"]),
];

#[test]
fn every_enum_says_what_the_check_of_its_column_allows() {
    let mut checks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in ask(
        &database(),
        "SELECT c.relname || '.' || a.attname || ' ' || pg_get_constraintdef(k.oid)
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
         WHERE k.contype = 'c' AND cardinality(k.conkey) = 1
           AND pg_get_constraintdef(k.oid) LIKE '%= ANY (ARRAY[%'",
    ) {
        let (column, words) = line.split_once(' ').unwrap();
        checks.insert(column.to_owned(), found(r"'([a-z_]+)'::text", words).into_iter().collect());
    }
    let mut enums: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files_below("src", "rs") {
        for body in source(&path).split("text_column! {").skip(1) {
            let name = found(r"(?m)^\s*(\w+) \{$", body).remove(0);
            let body = body.split("\n}").next().unwrap();
            enums.insert(name, found(r#"(?m)^\s*\w+ = "([a-z_]+)",$"#, body).into_iter().collect());
        }
    }
    let languages = ["en", "es", "fr", "it"].map(str::to_owned).into();
    assert_eq!(
        enums.keys().map(String::as_str).collect::<Vec<_>>(),
        ENUMS.map(|(name, _)| name),
        "each enum has a line here"
    );
    for (name, columns) in ENUMS {
        for column in columns {
            assert_eq!(checks.remove(*column).as_ref(), enums.get(name), "{name}: {column}");
        }
    }
    for table in [
        "canned_answers",
        "merchants",
        "confirmation_texts",
        "email_payments",
        "exports",
        "imports",
        "invitations",
        "mails",
        "page_texts",
        "users",
    ] {
        let column = format!("{table}.language");
        assert_eq!(checks.remove(&column).as_ref(), Some(&languages), "{column}");
    }
    let events = checks.remove("email_payment_events.actor").unwrap();
    assert!(events.is_subset(&enums["Actor"]), "{events:?}");
    // Of what can be told, what only a permission allows, and what the clock finds.
    for (column, kind) in [
        ("notification_permissions.kind", "document_created"),
        ("notification_requests.kind", "document_created"),
        ("notification_marks.name", "payment_expiring"),
    ] {
        assert_eq!(checks.remove(column), Some([kind.to_owned()].into()), "{column}");
        assert!(enums["NoticeKind"].contains(kind));
    }
    assert_eq!(checks.keys().collect::<Vec<_>>(), Vec::<&String>::new(), "no enum for these");
}

/// Foreign keys whose columns begin no index.
const UNINDEXED: &str = "SELECT k.conrelid::regclass || ' ' || pg_get_constraintdef(k.oid)
     FROM pg_constraint k
     WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND NOT EXISTS (
         SELECT FROM pg_index i WHERE i.indrelid = k.conrelid
           AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) LIKE '%IS NOT NULL%')
           AND (SELECT array_agg(n ORDER BY n) FROM unnest(k.conkey) n)
             = (SELECT array_agg(n ORDER BY n)
                FROM unnest((i.indkey::int2[])[0:cardinality(k.conkey) - 1]) n))";

#[test]
fn every_foreign_key_begins_an_index() {
    let database = database();
    assert_eq!(ask(&database, UNINDEXED), Vec::<String>::new());
    change(&database, "DROP INDEX memberships_by_user");
    let named = ask(&database, UNINDEXED);
    assert!(matches!(named.as_slice(), [one] if one.starts_with("memberships ")), "{named:?}");
}

#[test]
fn sec_11_every_table_of_a_merchant_is_under_row_level_security() {
    let of_merchants =
        "pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
         AND (c.relname = 'merchants' OR EXISTS (
             SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'merchant_id'))";
    assert_none(&format!(
        "SELECT c.relname FROM {of_merchants} AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    ));
    assert_none(&format!(
        "SELECT c.relname FROM {of_merchants} AND NOT EXISTS (
             SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant')"
    ));
    let tables = ask(
        &database(),
        &format!(
            "SELECT c.relname FROM {of_merchants} AND c.relkind = 'r' AND NOT c.relispartition"
        ),
    );
    assert_eq!(tables.len(), 58, "{tables:?}");
    // What sees across tenants belongs to who can't log in, or to the sender of mails.
    let wide = ask(
        &database(),
        "SELECT concat_ws(' ', tablename, policyname, array_to_string(roles, ','), cmd) FROM pg_policies
         WHERE (qual = 'true' OR with_check = 'true') AND tablename NOT LIKE 'audit_log%'",
    );
    let lookups = [
        "bulk_actions",
        "email_payment_reminders",
        "email_payments",
        "gateway_accounts",
        "gateway_sessions",
        "imports",
        "invitations",
        "mails",
        "memberships",
        "merchants",
        "notices",
        "operation_requests",
        "originators",
    ]
    .map(|table| format!("{table} lookup app_lookup SELECT"));
    let mut expected = lookups.to_vec();
    expected.insert(8, "mails sender app_jobs ALL".to_owned());
    for table in [
        "statement_periods",
        "statements",
        "success_manager_assignments",
        "tickets",
        "transaction_imports",
        "transactions",
    ] {
        if table == "transaction_imports" {
            expected.push("transaction_days adding app_jobs ALL".to_owned());
            expected.push(format!("{table} leasing app_lookup UPDATE"));
        }
        expected.push(format!("{table} lookup app_lookup SELECT"));
    }
    expected.insert(3, "gateway_accounts leasing app_lookup UPDATE".to_owned());
    expected.insert(1, "email_payment_days adding app_jobs ALL".to_owned());
    expected.insert(1, "collected_days adding app_jobs ALL".to_owned());
    let of_tokens = [
        "access_tokens lookup app_lookup SELECT",
        "access_tokens noting app_lookup UPDATE",
        "api_answers sweeper app_jobs ALL",
    ];
    expected.splice(0..0, of_tokens.map(str::to_owned));
    assert_eq!(wide, expected);
    // Foreign keys between tables of merchants carry the merchant.
    assert_none(
        "SELECT k.conrelid::regclass || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k
         WHERE k.contype = 'f' AND k.confrelid IN (
             SELECT attrelid FROM pg_attribute WHERE attname = 'merchant_id')
           AND pg_get_constraintdef(k.oid) NOT LIKE 'FOREIGN KEY (merchant_id, %'",
    );
}

#[test]
fn sec_11_the_roles_that_serve_own_nothing_and_go_around_nothing() {
    assert_none(
        "SELECT rolname FROM pg_roles WHERE rolname IN ('app', 'app_jobs', 'app_owner', 'app_lookup')
           AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
    );
    assert_eq!(
        ask(
            &database(),
            "SELECT rolname FROM pg_roles WHERE rolname = 'app_lookup' AND NOT rolcanlogin"
        )
        .len(),
        1
    );
    let owned = "SELECT relname FROM pg_class WHERE relowner IN ({0})
        UNION ALL SELECT proname FROM pg_proc WHERE proowner IN ({0})
        UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner IN ({0})
        UNION ALL SELECT datname FROM pg_database WHERE datdba IN ({0})";
    assert_none(&owned.replace("{0}", "'app'::regrole, 'app_jobs'::regrole"));
    assert_none(
        "SELECT m.roleid::regrole || ' to ' || m.member::regrole FROM pg_auth_members m
         WHERE m.member IN ('app'::regrole, 'app_jobs'::regrole)",
    );
    assert_none(
        "SELECT r || ' may create' FROM unnest(ARRAY['app', 'app_jobs']) r
         WHERE has_schema_privilege(r, 'public', 'CREATE')",
    );
    assert_none(
        "SELECT grantee || ' ' || table_name || ' ' || privilege_type
         FROM information_schema.role_table_grants
         WHERE table_schema = 'public' AND (grantee = 'PUBLIC' OR (grantee IN ('app', 'app_jobs')
           AND privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')))",
    );
}

#[test]
fn every_moment_has_its_zone_and_no_number_is_a_float() {
    assert_none(
        "SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
           AND (data_type IN ('timestamp without time zone', 'time without time zone', 'time with time zone')
             OR data_type IN ('real', 'double precision', 'money', 'numeric', 'character varying', 'json'))",
    );
}

/// Indexes of our own making that don't say what they are for.
const UNTOLD: &str = "SELECT i.indexrelid::regclass
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
       AND coalesce(obj_description(i.indexrelid, 'pg_class'), '') = ''";

#[test]
fn every_index_says_what_it_is_for() {
    let database = database();
    assert_eq!(ask(&database, UNTOLD), Vec::<String>::new());
    change(&database, "CREATE INDEX untold ON users (name)");
    assert_eq!(ask(&database, UNTOLD), ["untold"]);
}

#[test]
fn sec_11_functions_with_their_owners_rights_are_the_known_ones_and_pinned() {
    let functions = ask(
        &database(),
        "SELECT concat_ws(' ', p.proname, p.proowner::regrole, array_to_string(p.proconfig, ';'),
             CASE WHEN p.proacl IS NULL OR EXISTS (
                 SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0) THEN 'public' ELSE 'granted' END)
         FROM pg_proc p WHERE p.prosecdef",
    );
    let pinned =
        |name: &str, owner: &str| format!("{name} {owner} search_path=public, pg_temp granted");
    assert_eq!(
        functions,
        [
            pinned("access_token_open", "app_lookup"),
            "activity_page app_lookup search_path=public, pg_temp;enable_sort=off;jit=off granted"
                .to_owned(),
            pinned("api_staff_open", "app_lookup"),
            pinned("api_user_open", "app_lookup"),
            pinned("audit_make_partitions", "app_owner"),
            pinned("audit_seal", "app_owner"),
            pinned("bulk_actions_due", "app_lookup"),
            pinned("digests_due", "app_lookup"),
            pinned("email_payment_reminders_due", "app_lookup"),
            pinned("email_payments_due", "app_lookup"),
            pinned("email_payments_expiring", "app_lookup"),
            pinned("email_payments_lapsing", "app_lookup"),
            pinned("email_payments_to_send", "app_lookup"),
            pinned("gateway_accounts_claim", "app_lookup"),
            pinned("gateway_session_open", "app_lookup"),
            pinned("gateway_sessions_due", "app_lookup"),
            pinned("imports_due", "app_lookup"),
            pinned("imports_to_forget", "app_lookup"),
            pinned("invitation_open", "app_lookup"),
            pinned("mails_to", "app_lookup"),
            pinned("merchants_without_manager", "app_lookup"),
            pinned("merchants_without_period", "app_lookup"),
            pinned("operation_requests_due", "app_lookup"),
            pinned("originators_without_account", "app_lookup"),
            pinned("originators_without_import", "app_lookup"),
            pinned("pay_link_open", "app_lookup"),
            pinned("session_find", "app_lookup"),
            pinned("statement_periods_due", "app_lookup"),
            pinned("statements_claim", "app_lookup"),
            pinned("tickets_found", "app_lookup"),
            pinned("tickets_to_close", "app_lookup"),
            pinned("transaction_imports_claim", "app_lookup"),
        ]
    );
}

/// Everything that the migrations make, one line each.
fn dump(database: &str) -> Vec<String> {
    let queries = [
        "SELECT concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
             a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND a.attnum > 0 AND NOT a.attisdropped",
        "SELECT concat_ws(' ', 'table', c.relname, c.relowner::regrole, c.relrowsecurity,
             c.relforcerowsecurity, array_to_string(c.reloptions, ','), c.relispartition,
             (SELECT string_agg(concat(a.grantee::regrole, '=', a.privilege_type), ',' ORDER BY a.grantee, a.privilege_type)
              FROM aclexplode(c.relacl) a))
         FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')",
        "SELECT concat_ws(' ', 'constraint', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
         FROM pg_constraint k WHERE k.connamespace = 'public'::regnamespace",
        "SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), obj_description(i.indexrelid, 'pg_class'))
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         WHERE c.relnamespace = 'public'::regnamespace",
        "SELECT concat_ws(' ', 'policy', tablename, policyname, permissive, array_to_string(roles, ','), cmd, qual, with_check)
         FROM pg_policies",
        "SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid)) FROM pg_trigger t WHERE NOT t.tgisinternal",
        "SELECT concat_ws(' ', 'function', pg_get_functiondef(p.oid), p.proowner::regrole,
             (SELECT string_agg(concat(a.grantee::oid::regrole, '=', a.privilege_type), ',' ORDER BY a.grantee)
              FROM aclexplode(p.proacl) a))
         FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
           AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')",
    ];
    queries.iter().flat_map(|query| ask(database, query)).collect()
}

#[test]
fn the_migrations_go_down_to_nothing_and_up_again_to_the_same() {
    let database = database();
    let url = cluster().superuser_url(&database);
    let before = dump(&database);
    assert!(before.len() > 300, "{}", before.len());
    central::db::migrate::down(&url).unwrap();
    let left: Vec<String> = dump(&database)
        .into_iter()
        .filter(|line| !line.contains("__diesel_schema_migrations"))
        .collect();
    assert_eq!(left, Vec::<String>::new(), "nothing is left");
    let done = central::db::migrate::up(&url, &[]).unwrap();
    let folders = std::fs::read_dir("migrations").unwrap().flatten();
    let count = folders.filter(|entry| entry.path().join("up.sql").is_file()).count();
    assert_eq!(done.len(), count);
    let after = dump(&database);
    let lost: Vec<_> = before.iter().filter(|line| !after.contains(line)).collect();
    let new: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
    assert_eq!((lost, new), (vec![], vec![]));
    assert_eq!(central::db::migrate::up(&url, &[]).unwrap(), Vec::<String>::new(), "twice is once");
}
