//! What the list's columns and views need to know of it.

use chrono_tz::Tz;
use diesel::PgConnection;

use crate::auth::MerchantScope;
use crate::kernel::{Error, Right, Texts, UserId};
use crate::transactions::LIST;
use crate::transactions::columns::{Column, Names};
use crate::transactions::filter::Question;
use crate::transactions::queries;
use crate::views::{List, Listed};

impl Listed for Column {
    const LIST: List = List {
        key: "transactions",
        path: LIST,
        columns: "/processing/transactions/columns",
        views: "/processing/transactions/views",
        new_view: "/processing/transactions/views/new",
        view: "/processing/transactions/views/{id}",
        title: Texts::msg_tx_title,
        see: Right::ViewTransactions,
        share: Right::ViewTransactions,
    };

    fn built_in(t: &Texts) -> Vec<(String, &'static str)> {
        vec![
            (t.msg_tx_view_all(), ""),
            (t.msg_tx_view_today(), "date=today"),
            (t.msg_tx_view_declined(), "status=declined"),
            (t.msg_tx_view_refunds(), "operation=refund"),
            (t.msg_tx_view_chargebacks(), "operation=chargeback&operation=reversal"),
        ]
    }

    fn count(
        conn: &mut PgConnection,
        scope: MerchantScope,
        _: UserId,
        _: Tz,
        question: &Question,
        most: i64,
    ) -> Result<Option<i64>, Error> {
        queries::count(conn, scope, question, most).map(Some)
    }

    fn names(conn: &mut PgConnection, scope: MerchantScope) -> Result<Names, Error> {
        queries::names(conn, scope)
    }
}
