//! `/settings/refunds`: from which amount a refund needs a second person.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use diesel::PgConnection;

use super::commands::{self, LimitWish};
use super::pages::writer;
use super::queries::{self, Limit};
use crate::auth::{MerchantScope, MerchantUser};
use crate::kernel::{Currency, Error, Money, MoneyError, Right, Texts, dates};
use crate::transactions::model::number;
use crate::web::{
    App, Client, Faults, Flash, FormBody, Html, Shell, html, invalid, see_other, set_flash,
};

const ADDRESS: &str = "/settings/refunds";

#[derive(Template)]
#[template(path = "transactions/limits.html")]
struct LimitsPage {
    shell: Shell,
    t: &'static Texts,
    lines: Vec<Line>,
    faults: Faults,
    wrong: Vec<String>,
}

/// One currency.
struct Line {
    currency: Currency,
    /// As it stands in the field; empty: no limit.
    typed: String,
    set: Option<Limit>,
    /// The limit as it stood when the form was read, in minor units; empty: none.
    seen: String,
}

impl LimitsPage {
    fn may_set(&self) -> bool {
        self.shell.may(Right::OverruleRefunds)
    }

    fn is_wrong(&self, code: &str) -> bool {
        self.wrong.iter().any(|one| one == code)
    }

    fn words(&self, line: &Line) -> String {
        match &line.set {
            Some(limit) => {
                let amount = number(limit.above_minor, &limit.currency, self.shell.lang);
                let Shell { now, zone, lang, .. } = &self.shell;
                let at = dates::moment_within(limit.set_at, *now, *zone, *lang);
                self.t.msg_op_limit_above(
                    format!("{amount}\u{a0}{}", limit.currency),
                    limit.set_by.as_str(),
                    at,
                )
            }
            None => self.t.msg_op_limit_none(),
        }
    }
}

async fn lines(app: &App, scope: MerchantScope, shell: &Shell) -> Result<Vec<Line>, Error> {
    let read = move |conn: &mut PgConnection| {
        Ok((queries::currencies(conn, scope)?, queries::limits(conn, scope)?))
    };
    let (currencies, limits) = app.db.run(scope.tenants(), read).await?;
    let line = |currency: Currency| {
        let set = limits.iter().find(|limit| limit.currency == currency.code()).cloned();
        let above = set.as_ref().map(|limit| limit.above_minor);
        let typed = above.map(|minor| Money::new(minor, currency).for_field(shell.lang));
        Line {
            currency,
            typed: typed.unwrap_or_default(),
            seen: above.map(|minor| minor.to_string()).unwrap_or_default(),
            set,
        }
    };
    Ok(currencies.into_iter().map(line).collect())
}

/// `GET`
pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let scope = user.scope(Right::ApproveOperations)?;
    let lines = lines(&app, scope, &shell).await?;
    html(&LimitsPage { t: shell.t, shell, lines, faults: Faults::default(), wrong: Vec::new() })
}

/// `POST`: two fields per currency, `EUR=500.00`, empty for no limit, and `seen-EUR=50000`, which it replaces.
pub async fn save(
    user: MerchantUser,
    req: HttpRequest,
    app: Data<App>,
    client: Client,
    session: Session,
    FormBody(fields): FormBody,
) -> Html {
    let scope = user.scope(Right::OverruleRefunds)?;
    let shell = Shell::of(&req)?;
    let mut lines = lines(&app, scope, &shell).await?;
    let (mut wishes, mut faults, mut wrong) = (Vec::new(), Faults::default(), Vec::new());
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    for line in &mut lines {
        let code = line.currency.code();
        let Some(typed) = field(code) else { continue };
        let seen = field(&format!("seen-{code}")).ok_or(Error::Malformed("nothing seen"))?;
        let wanted = limit(typed, line.currency);
        let was = seen_limit(seen)?;
        if wanted != Ok(was) {
            line.typed.clone_from(typed);
            line.seen.clone_from(seen);
        }
        match wanted {
            Ok(wanted) => wishes.push(LimitWish { currency: line.currency, seen: was, wanted }),
            Err(_) => wrong.push(code.to_owned()),
        }
    }
    if !wrong.is_empty() {
        faults.add("limits", shell.t.msg_op_limit_fault(wrong.join(", ")));
        return invalid(&LimitsPage { t: shell.t, shell, lines, faults, wrong });
    }
    let writer = writer(&user, &client, &app);
    let write = move |conn: &mut PgConnection| commands::set_limits(conn, scope, &writer, &wishes);
    let meanwhile = app.db.run(scope.tenants(), write).await?;
    if !meanwhile.is_empty() {
        // Read once more: the page tells what stands now, and the next save is by who has read it.
        let stand = self::lines(&app, scope, &shell).await?;
        for (line, stands) in lines.iter_mut().zip(stand) {
            (line.set, line.seen) = (stands.set, stands.seen);
        }
        let wrong: Vec<String> = meanwhile.iter().map(|one| one.code().to_owned()).collect();
        faults.add("limits", shell.t.msg_op_limit_meanwhile(wrong.join(", ")));
        return invalid(&LimitsPage { t: shell.t, shell, lines, faults, wrong });
    }
    set_flash(&session, &Flash::RefundLimitsSet)?;
    Ok(see_other(ADDRESS))
}

/// # Errors
/// [`Error::Malformed`]: no page of ours sends that.
fn seen_limit(seen: &str) -> Result<Option<i64>, Error> {
    if seen.is_empty() {
        return Ok(None);
    }
    seen.parse().map(Some).map_err(|_| Error::Malformed("a limit that is no number"))
}

fn limit(typed: &str, currency: Currency) -> Result<Option<i64>, MoneyError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    // Zero: a second person for each.
    match Money::parse(typed, currency) {
        Ok(money) => Ok(Some(money.minor)),
        Err(MoneyError::NotPositive) => Ok(Some(0)),
        Err(error) => Err(error),
    }
}
