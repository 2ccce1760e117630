//! Reads of a success manager's portfolio.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::auth::ManagedScope;
use crate::db::schema::{merchants, originators};
use crate::kernel::{Currency, Error, Lang, MerchantId};

/// A merchant as its success manager sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = merchants)]
pub struct Managed {
    pub id: MerchantId,
    pub name: String,
    pub legal_name: String,
    pub address: String,
    pub country: String,
    pub currency: String,
    pub language: Lang,
    pub time_zone: String,
    pub email: String,
}

/// Whether customers get a confirmation after paying: of all originators, of some, of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirms {
    All,
    Some,
    None,
}

impl Confirms {
    fn of(switches: &[bool]) -> Self {
        if !switches.contains(&true) {
            Self::None
        } else if switches.contains(&false) {
            Self::Some
        } else {
            Self::All
        }
    }
}

/// The portfolio, by name; the first two hundred.
pub fn list(
    conn: &mut PgConnection,
    scope: &ManagedScope,
) -> Result<Vec<(Managed, Confirms)>, Error> {
    let managed: Vec<Managed> = merchants::table
        .filter(merchants::id.eq_any(scope.merchant_ids()))
        .order((merchants::name, merchants::id))
        .limit(200)
        .select(Managed::as_select())
        .load(conn)?;
    let ids: Vec<MerchantId> = managed.iter().map(|merchant| merchant.id).collect();
    let mut switches: HashMap<MerchantId, Vec<bool>> = HashMap::new();
    for (merchant_id, is_on) in switches_of(conn, &ids)? {
        switches.entry(merchant_id).or_default().push(is_on);
    }
    let with_switches = |merchant: Managed| {
        let confirms = switches.get(&merchant.id).map_or(&[][..], Vec::as_slice);
        let confirms = Confirms::of(confirms);
        (merchant, confirms)
    };
    Ok(managed.into_iter().map(with_switches).collect())
}

/// One merchant of the portfolio.
pub fn get(
    conn: &mut PgConnection,
    scope: &ManagedScope,
    id: MerchantId,
) -> Result<(Managed, Confirms), Error> {
    let merchant = merchants::table
        .filter(merchants::id.eq(id))
        .filter(merchants::id.eq_any(scope.merchant_ids()))
        .select(Managed::as_select())
        .first(conn)?;
    let switches: Vec<bool> =
        switches_of(conn, &[id])?.into_iter().map(|(_, is_on)| is_on).collect();
    Ok((merchant, Confirms::of(&switches)))
}

fn switches_of(
    conn: &mut PgConnection,
    merchant_ids: &[MerchantId],
) -> Result<Vec<(MerchantId, bool)>, Error> {
    Ok(originators::table
        .filter(originators::merchant_id.eq_any(merchant_ids))
        .select((originators::merchant_id, originators::confirms_success))
        .load(conn)?)
}

/// A merchant's own currency.
pub fn currency_of(conn: &mut PgConnection, id: MerchantId) -> Result<Option<Currency>, Error> {
    let code: String = merchants::table.find(id).select(merchants::currency).first(conn)?;
    Ok(Currency::parse(&code))
}
