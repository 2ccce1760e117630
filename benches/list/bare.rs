//! actix-web, Diesel, askama: the same rows, the same count, as many cells. No session, no tenants
//! in the database, no languages, no headers.

use std::io::Write as _;
use std::net::TcpListener;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use askama::Template;
use central::db::schema::email_payments;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool};
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use uuid::Uuid;

type Connections = Pool<ConnectionManager<PgConnection>>;

#[derive(Queryable, Selectable)]
#[diesel(table_name = email_payments)]
struct Row {
    id: Uuid,
    order_id: String,
    amount_minor: i64,
    currency: String,
    customer_email: String,
    customer_name: String,
    status: String,
    end_reason: Option<String>,
    is_late: bool,
    delivery: Option<String>,
    last_result_code: Option<String>,
    first_opened_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    paid_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html><html lang="en"><head><title>List</title></head><body><h1>List</h1><table>
<tr><th>Customer</th><th>Amount</th><th>Status</th><th>Order</th><th>Created</th><th>Expires</th><td></td></tr>
{% for row in rows %}<tr><th><a href="/{{ row.id }}">{{ row.customer_name }}</a><span>{{ row.customer_email }}</span></th><td>{{ row.amount_minor / 100 }}.{{ row.amount_minor % 100 }} {{ row.currency }}</td><td><span>{{ row.status }}</span><span>{% if let Some(at) = row.paid_at %}{{ at.format("%H:%M") }}{% endif %}{% if let Some(at) = row.first_opened_at %}{{ at.format("%H:%M") }}{% endif %}{{ row.end_reason.as_deref().unwrap_or("") }}{{ row.delivery.as_deref().unwrap_or("") }}{{ row.last_result_code.as_deref().unwrap_or("") }}{{ row.is_late }}</span></td><td>{{ row.order_id }}</td><td>{{ row.created_at.format("%d %b %Y %H:%M") }}</td><td>{{ row.expires_at.format("%d %b %Y") }}</td><td><a href="/{{ row.id }}/resend">Send again</a></td></tr>
{% endfor %}</table><p>{{ count }} requests</p>{% if has_more %}<a href="?after">Older</a>{% endif %}</body></html>"#
)]
struct Page {
    rows: Vec<Row>,
    has_more: bool,
    count: i64,
}

pub fn start(listener: TcpListener, url: &str, merchant: Uuid) {
    let pool = Pool::builder()
        .max_size(12)
        .test_on_check_out(false)
        .build_unchecked(ConnectionManager::<PgConnection>::new(url));
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new((pool.clone(), merchant))).default_service(web::to(page))
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

async fn page(req: HttpRequest, data: web::Data<(Connections, Uuid)>) -> HttpResponse {
    let page = web::block(move || {
        let (pool, merchant) = data.as_ref();
        let mut conn = pool.get().expect("a connection");
        let mut rows: Vec<Row> = email_payments::table
            .filter(email_payments::merchant_id.eq(merchant))
            .order((email_payments::created_at.desc(), email_payments::id.desc()))
            .limit(26)
            .select(Row::as_select())
            .load(&mut conn)
            .expect("rows");
        let has_more = rows.len() > 25;
        rows.truncate(25);
        let count = diesel::sql_query(
                "SELECT count(*) AS count FROM (SELECT id FROM email_payments WHERE merchant_id = $1 LIMIT 10001) AS m",
            )
            .bind::<SqlUuid, _>(merchant)
            .get_result::<Count>(&mut conn)
            .expect("a count");
        Page { rows, has_more, count: count.count }
    });
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
