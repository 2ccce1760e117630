//! What the list's columns and views need to know of it.

use chrono_tz::Tz;
use diesel::PgConnection;

use crate::auth::MerchantScope;
use crate::documents::LIST;
use crate::documents::columns::{Column, Names};
use crate::documents::filter::{Question, Viewer};
use crate::documents::model::Kind;
use crate::documents::queries::{self, Counts};
use crate::exports::ExportList;
use crate::kernel::{Error, Right, Texts, UserId};
use crate::views::{List, Listed};

impl Listed for Column {
    const LIST: List = List {
        key: "documents",
        path: LIST,
        columns: "/accounting/documents/columns",
        views: "/accounting/documents/views",
        new_view: "/accounting/documents/views/new",
        view: "/accounting/documents/views/{id}",
        title: |t| ExportList::Documents.title(t),
        see: Right::ViewDocuments,
        share: Right::ViewDocuments,
    };

    fn built_in(t: &Texts) -> Vec<(String, &'static str)> {
        vec![
            (t.msg_doc_view_all(), ""),
            (t.msg_doc_view_unread(), "unread=yes"),
            (t.msg_doc_view_invoices(), "type=invoice&type=credit_note"),
            (t.msg_doc_view_statements(), "type=payout_statement&type=holdback_statement"),
        ]
    }

    fn count_built_in(
        conn: &mut PgConnection,
        scope: MerchantScope,
        user_id: UserId,
        _: i64,
    ) -> Result<Option<Vec<i64>>, Error> {
        let counts = Counts::read(conn, scope, user_id)?;
        let invoices = counts.of(&[Kind::Invoice, Kind::CreditNote]);
        let statements = counts.of(&[Kind::PayoutStatement, Kind::HoldbackStatement]);
        Ok(Some(vec![counts.all(), counts.unread(), invoices, statements]))
    }

    fn count(
        conn: &mut PgConnection,
        scope: MerchantScope,
        user_id: UserId,
        zone: Tz,
        question: &Question,
        most: i64,
    ) -> Result<Option<i64>, Error> {
        queries::count(conn, scope, Viewer { user_id, zone }, question, most).map(Some)
    }

    fn names(conn: &mut PgConnection, scope: MerchantScope) -> Result<Names, Error> {
        queries::names(conn, scope)
    }
}
