//! actix-web, Diesel, askama, and nothing else: the least that a program can do which asks Postgres
//! the same. Its statements are those of the product's page, in as many round trips, on the same
//! kind of connection under the same role, from a pool of the same size: the session, the
//! transaction with its tenant, the latest events, the columns, 26 rows of the same 24 columns, the totals, what is
//! not delivered, the views, the counts of their tabs. What came is shown in a page of about as
//! many bytes. What it leaves out is the product's own work: it verifies no cookie, checks no right,
//! reads no filter, has one language and one time zone, writes no log and no security headers.

use std::io::Write as _;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use askama::Template;
use central::auth::{MerchantScope, SystemScope};
use central::db::schema::email_payment_events;
use central::db::views::email_payments_list as email_payments;
use central::email_payments::{Narrowed, SummaryFilter, Totals, TotalsCell, totals};
use central::kernel::MerchantId;
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid};
use uuid::Uuid;

type Connections = Pool<ConnectionManager<PgConnection>>;

#[derive(Queryable, Selectable)]
#[diesel(table_name = email_payments)]
#[expect(dead_code, reason = "read as the product reads them, not all shown")]
struct Row {
    id: Uuid,
    originator_id: Uuid,
    created_by: Uuid,
    order_id: String,
    amount_minor: i64,
    refunded_minor: i64,
    currency: String,
    customer_email: String,
    customer_name: String,
    description: String,
    language: String,
    status: String,
    end_reason: Option<String>,
    is_late: bool,
    delivery: Option<String>,
    last_result_code: Option<String>,
    payment_method: Option<String>,
    attempts: i32,
    sends: i32,
    first_opened_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    paid_at: Option<DateTime<Utc>>,
    send_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Session {
    #[diesel(sql_type = Nullable<Jsonb>)]
    found: Option<serde_json::Value>,
}

#[derive(QueryableByName)]
struct Layout {
    #[diesel(sql_type = Array<Nullable<Text>>)]
    column_keys: Vec<Option<String>>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
#[expect(dead_code, reason = "read as the product reads them, not all shown")]
struct View {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    query: String,
    #[diesel(sql_type = Bool)]
    is_shared: bool,
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = Array<BigInt>)]
    counts: Vec<i64>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>List</title><link rel="stylesheet" href="/static/backoffice.css"></head><body><header><p>{{ session }}</p><nav>
{% for word in ["Email payments", "Merchants", "Team", "Permissions", "Access tokens", "Activity", "Sessions", "Language", "Sign out"] %}<ul><li><a href="/{{ word|urlencode }}" data-key="g"><svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons.svg#{{ word|urlencode }}"></use></svg>{{ word }}</a></li></ul>{% endfor %}</nav></header><main><h1>List</h1>
<nav>{% for count in tabs %}<a href="?tab={{ loop.index }}">{{ count }}</a>{% endfor %}{% for view in views %}<a href="?{{ view.query }}">{{ view.name }}</a>{% endfor %}</nav><p>{{ undelivered }} {{ columns }}</p>
<form><input name="q" type="search" maxlength="100"><button class="btn" type="submit">Search</button></form>
<dl>{% for cell in totals %}<dt>{{ cell.currency }} {{ cell.count }}</dt><dd>{{ cell.collected_minor }} {{ cell.requested_minor }} {{ cell.due_minor }} {{ cell.refunded_minor }}</dd>{% endfor %}</dl>
<form><div class="table-wrap" role="region" aria-label="List" tabindex="0"><table class="data stack" role="table"><tr><th>Customer</th><th>Amount</th><th>Status</th><th>Order</th><th>Created</th><th>Expires</th><td></td></tr>
{% for row in rows %}<tr role="row"><td role="cell" class="pick"><label><input class="form-check-input" type="checkbox" name="id" value="{{ row.id }}"><span class="visually-hidden">Pick {{ row.order_id }} of {{ row.customer_name }}</span></label></td><th role="rowheader" scope="row" class="o1"><a class="main-link" href="/processing/email-payments/{{ row.id }}">{{ row.customer_name }}</a><span class="two">{{ row.customer_email }}</span></th><td role="cell" class="num amount o2">{{ row.amount_minor / 100 }}.{{ row.amount_minor % 100 }}&nbsp;<span class="cur">{{ row.currency }}</span><span class="two only-s">Expires {{ row.expires_at.format("%d %b") }}</span></td><td role="cell" class="o3"><span class="badge status-{{ row.status }}"><svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons.svg#{{ row.status }}"></use></svg>{{ row.status }}</span><span class="two">{% if let Some(at) = row.paid_at %}{{ at.format("%H:%M") }}{% endif %}{% if let Some(at) = row.first_opened_at %}{{ at.format("%H:%M") }}{% endif %}{{ row.end_reason.as_deref().unwrap_or("") }}{{ row.delivery.as_deref().unwrap_or("") }}{{ row.last_result_code.as_deref().unwrap_or("") }}{{ row.is_late }}</span></td><td role="cell" class="tnum nowrap hide-s col-order">{{ row.order_id }}</td><td role="cell" class="tnum nowrap hide-s col-created"><time datetime="{{ row.created_at.to_rfc3339() }}">{{ row.created_at.format("%d %b %Y %H:%M") }}</time></td><td role="cell" class="tnum nowrap hide-s col-expires"><time datetime="{{ row.expires_at.to_rfc3339() }}">{{ row.expires_at.format("%d %b %Y") }}</time></td><td role="cell" class="act"><a class="btn btn-quiet btn-s" href="/processing/email-payments/{{ row.id }}/resend"><svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons.svg#send"></use></svg>Send again<span class="visually-hidden"> {{ row.order_id }}</span></a></td></tr>
{% endfor %}</table></div></form>{% if has_more %}<a href="?after">Older</a>{% endif %}</main></body></html>"##
)]
struct Page {
    session: String,
    columns: usize,
    rows: Vec<Row>,
    has_more: bool,
    totals: Vec<TotalsCell>,
    undelivered: i64,
    views: Vec<View>,
    tabs: Vec<i64>,
}

/// What the minimal program knows about its one reader.
#[derive(Clone)]
pub struct Reader {
    /// Of the session's key.
    key_hash: Vec<u8>,
    user: Uuid,
    merchant: MerchantId,
}

impl Reader {
    /// The latest that has signed in.
    pub fn latest(conn: &mut PgConnection, merchant: MerchantId) -> Self {
        #[derive(QueryableByName)]
        struct Latest {
            #[diesel(sql_type = Binary)]
            key_hash: Vec<u8>,
            #[diesel(sql_type = SqlUuid)]
            user_id: Uuid,
        }
        let latest: Latest = diesel::sql_query(
            "SELECT key_hash, user_id FROM sessions WHERE ended_at IS NULL ORDER BY authenticated_at DESC LIMIT 1",
        )
        .get_result(conn)
        .expect("a session");
        Self { key_hash: latest.key_hash, user: latest.user_id, merchant }
    }
}

/// `url` under the role `app`.
pub fn start(listener: TcpListener, url: &str, reader: &Reader) {
    let pool = Pool::builder()
        .max_size(10)
        .test_on_check_out(false)
        .build_unchecked(ConnectionManager::<PgConnection>::new(url));
    let data = (pool, reader.clone());
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(data.clone())).default_service(web::to(page))
    })
    .workers(1)
    .on_connect(|stream, _| {
        if let Some(stream) = stream.downcast_ref::<actix_web::rt::net::TcpStream>() {
            stream.set_nodelay(true).expect("a socket");
        }
    })
    .disable_signals()
    .listen(listener)
    .expect("a listener");
    actix_web::rt::spawn(server.run());
}

fn ask(pool: &Connections, reader: &Reader) -> QueryResult<Page> {
    let session: Session = {
        let mut conn = pool.get().expect("a connection");
        diesel::sql_query("SELECT session_find($1, true) AS found")
            .bind::<Binary, _>(&reader.key_hash)
            .get_result(&mut conn)?
    };
    let session = session.found.expect("a session");
    let conn = &mut pool.get().expect("a connection");
    let merchant = reader.merchant;
    conn.batch_execute(&format!(
        "BEGIN; SELECT set_config('app.merchants', '{merchant}', true), set_config('plan_cache_mode', 'force_custom_plan', true)"
    ))?;
    // Whether the list has changed since somebody looked.
    let _newest: Vec<Uuid> = email_payment_events::table
        .filter(email_payment_events::merchant_id.eq(merchant))
        .order(email_payment_events::id.desc())
        .limit(20)
        .select(email_payment_events::id)
        .load(conn)?;
    let layout: Option<Layout> = diesel::sql_query(
        "SELECT column_keys FROM list_layouts WHERE user_id = $1 AND list = 'email_payments' LIMIT 1",
    )
    .bind::<SqlUuid, _>(reader.user)
    .get_result(conn)
    .optional()?;
    let mut rows: Vec<Row> = email_payments::table
        .filter(email_payments::merchant_id.eq(merchant))
        .order((email_payments::created_at.desc(), email_payments::id.desc()))
        .limit(26)
        .select(Row::as_select())
        .load(conn)?;
    let has_more = rows.len() > 25;
    rows.truncate(25);
    // The product's statement itself: it is long.
    let narrowed = Narrowed {
        rows: Box::new(email_payments::merchant_id.eq(merchant)),
        has_texts: false,
        summary: Some(SummaryFilter::default()),
    };
    let scope: MerchantScope = SystemScope::found(merchant).into();
    let told = totals(conn, scope, narrowed, Duration::from_secs(4)).expect("totals");
    let Totals::Counted(totals) = told else { panic!("no totals") };
    let undelivered: Count = diesel::sql_query(
        "SELECT count(*) AS count FROM (SELECT id FROM email_payments WHERE status = 'open'
         AND delivery IN ('deferred', 'bounced', 'suppressed', 'failed') AND merchant_id = $1 LIMIT 1000) AS m",
    )
    .bind::<SqlUuid, _>(merchant)
    .get_result(conn)?;
    let views: Vec<View> = diesel::sql_query(
        "SELECT v.id, v.user_id, u.name AS user_name, v.is_shared, v.name, v.query, v.deleted_at IS NOT NULL
         FROM saved_views v JOIN users u ON v.user_id = u.id
         WHERE v.merchant_id = $1 AND v.list = 'email_payments' AND (v.user_id = $2 OR v.is_shared)
         ORDER BY v.is_shared, v.position, v.id",
    )
    .bind::<SqlUuid, _>(merchant)
    .bind::<SqlUuid, _>(reader.user)
    .load(conn)?;
    let tabs: Counts = diesel::sql_query(
        "SELECT ARRAY[
         (SELECT count(*) FROM (SELECT id FROM email_payments_list WHERE merchant_id = $1 LIMIT 1001) AS m),
         (SELECT count(*) FROM (SELECT id FROM email_payments_list WHERE merchant_id = $1
             AND status IN ('draft', 'scheduled', 'open', 'processing', 'authorised') LIMIT 1001) AS m),
         (SELECT count(*) FROM (SELECT id FROM email_payments_list WHERE merchant_id = $1
             AND status IN ('paid', 'expired', 'cancelled', 'failed') LIMIT 1001) AS m)] AS counts",
    )
    .bind::<SqlUuid, _>(merchant)
    .get_result(conn)?;
    conn.batch_execute("COMMIT")?;
    Ok(Page {
        session: session.to_string().chars().take(60).collect(),
        columns: layout.map_or(6, |layout| layout.column_keys.len()),
        rows,
        has_more,
        totals,
        undelivered: undelivered.count,
        views,
        tabs: tabs.counts,
    })
}

async fn page(req: HttpRequest, data: web::Data<(Connections, Reader)>) -> HttpResponse {
    let page = web::block(move || ask(&data.0, &data.1).expect("the page's statements"));
    let html = page.await.expect("a page").render().expect("a page");
    let gzip = req.headers().get("accept-encoding").is_some_and(|value| value == "gzip");
    let mut response = HttpResponse::Ok();
    response.content_type("text/html; charset=utf-8");
    if !gzip {
        return response.body(html);
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(4));
    encoder.write_all(html.as_bytes()).expect("memory");
    response.insert_header(("content-encoding", "gzip")).body(encoder.finish().expect("memory"))
}
