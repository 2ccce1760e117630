//! What the list's columns and views need to know of it.

use chrono_tz::Tz;
use diesel::PgConnection;

use super::super::columns::{Column, Names};
use super::super::display;
use super::super::filter::{Group, Question};
use super::super::queries;
use super::LIST;
use crate::auth::MerchantScope;
use crate::exports::ExportList;
use crate::kernel::{Error, Right, Texts, UserId};
use crate::views::{List, Listed};

impl Listed for Column {
    const LIST: List = List {
        key: "email_payments",
        path: LIST,
        columns: "/processing/email-payments/columns",
        views: "/processing/email-payments/views",
        new_view: "/processing/email-payments/views/new",
        view: "/processing/email-payments/views/{id}",
        title: |t| ExportList::EmailPayments.title(t),
        see: Right::ViewEmailPayments,
        share: Right::WriteEmailPayments,
    };

    fn built_in(t: &Texts) -> Vec<(String, &'static str)> {
        let group = |group, query| (display::group_words(group, t), query);
        vec![
            (t.msg_group_all(), ""),
            group(Group::Current, "group=current"),
            group(Group::Past, "group=past"),
        ]
    }

    fn count_built_in(
        conn: &mut PgConnection,
        scope: MerchantScope,
        _: UserId,
        most: i64,
    ) -> Result<Option<Vec<i64>>, Error> {
        queries::count_groups(conn, scope, most)
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
