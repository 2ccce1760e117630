//! Work that is done once for each key, however often the request arrives (SEC-14).

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::body::Post;
use super::problem::Problem;
use super::{ApiAnswer, JSON};
use crate::auth::MerchantScope;
use crate::auth::api::answers::{self, Answer, Known};
use crate::kernel::Error;
use crate::web::App;

/// What work led to: an answer, or a problem that its reader can mend. A problem is not kept: the
/// same key may be used again with a better body.
pub type Done = Result<Answer, Problem>;

/// Does `work` in one transaction with the note of its answer. A request with a key that was
/// answered before gets that answer again and nothing is done; without a key `work` is just done.
///
/// # Errors
/// Besides those of `work`: [`Problem::KeyReused`], [`Problem::Running`].
pub async fn once(
    app: &App,
    scope: MerchantScope,
    post: Post,
    now: DateTime<Utc>,
    work: impl FnOnce(&mut PgConnection) -> Result<Done, Error> + Send + 'static,
) -> ApiAnswer {
    let keys = app.keys.clone();
    let transaction = move |conn: &mut PgConnection| {
        let Some(keyed) = &post.keyed else {
            return Ok(work(conn)?.map(|answer| (answer, false)));
        };
        Ok(match answers::take(conn, &keys, scope, keyed)? {
            Known::Running => Err(Problem::Running),
            Known::OtherRequest => Err(Problem::KeyReused),
            Known::Answered(answer) => Ok((answer, true)),
            Known::New => match work(conn)? {
                Err(problem) => Err(problem),
                Ok(answer) => {
                    answers::keep(conn, &keys, scope, keyed, &answer, now)?;
                    Ok((answer, false))
                }
            },
        })
    };
    let (answer, is_replayed) = app.db.run(scope.tenants(), transaction).await??;
    let status = StatusCode::from_u16(answer.status).map_err(Error::internal)?;
    let mut response = HttpResponse::build(status);
    response.content_type(JSON);
    if let Some(location) = answer.location {
        response.insert_header((header::LOCATION, location));
    }
    if is_replayed {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    Ok(response.body(answer.body))
}
