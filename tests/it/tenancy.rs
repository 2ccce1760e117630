//! Two merchants on one database, seen from below: what Postgres itself shows and refuses.

use central::db::Tenants;
use central::db::schema::email_payments;
use central::db::views::email_payments_list;
use central::kernel::{Error, MerchantId};
use diesel::prelude::*;

use crate::support::*;

/// One draft of each merchant.
async fn two_merchants() -> TestApp {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    anna.creates_email_payment(&[("order_id", "OF-FIRST")], "draft").await;
    let mut bruno = app.sign_in(BRUNO).await;
    let boutique = app.text("SELECT id FROM originators WHERE name = 'Boutique'");
    let fields = [("order_id", "OF-SECOND"), ("originator", boutique.as_str())];
    bruno.creates_email_payment(&fields, "draft").await;
    app
}

/// Every payment that a transaction sees: no filter at all.
fn merchants_seen(conn: &mut PgConnection) -> Result<Vec<MerchantId>, Error> {
    Ok(email_payments::table.select(email_payments::merchant_id).load(conn)?)
}

#[actix_web::test]
async fn sec_11_one_connection_never_carries_a_tenant_over_to_the_next_transaction() {
    let app = two_merchants().await;
    let db = app.db();
    let (first, second) = (app.world.first, app.world.second);
    for _ in 0..3 {
        for merchant in [first, second] {
            let seen = db.run_blocking(&Tenants::one(merchant), merchants_seen).unwrap();
            assert_eq!(seen, [merchant]);
            let failed: Result<(), Error> = db.run_blocking(&Tenants::one(merchant), |conn| {
                assert_eq!(merchants_seen(conn)?, [merchant]);
                Err(Error::Conflict)
            });
            assert!(matches!(failed, Err(Error::Conflict)));
            assert!(change_as(&db, &Tenants::one(merchant), "SELECT 1 / 0").is_err());
            assert_eq!(db.run_blocking(&Tenants::none(), merchants_seen).unwrap(), []);
        }
    }
    let both = db.run_blocking(&Tenants::several(&[first, second]), merchants_seen).unwrap();
    assert_eq!(both.len(), 2);
}

#[actix_web::test]
async fn sec_11_without_a_tenant_no_row_of_any_merchant_is_seen() {
    let app = two_merchants().await;
    let tables = app.texts(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE a.attname = 'merchant_id' AND c.relkind = 'r' AND NOT c.relispartition
           AND c.relnamespace = 'public'::regnamespace",
    );
    assert!(tables.len() >= 8, "{tables:?}");
    for table in tables.iter().map(String::as_str).chain(["merchants"]) {
        let seen = count_as(&app.db(), &Tenants::none(), table).unwrap();
        assert_eq!(seen, 0, "{table}");
        let stranger = Tenants::one(MerchantId::new());
        assert_eq!(count_as(&app.db(), &stranger, table).unwrap(), 0, "{table}");
    }
    assert_eq!(app.count("email_payments"), 2);
}

#[actix_web::test]
async fn sec_11_a_row_for_another_merchant_is_neither_written_nor_changed() {
    let app = two_merchants().await;
    let (first, second) = (app.world.first, app.world.second);
    let db = app.db();
    let membership = format!(
        "INSERT INTO memberships (merchant_id, user_id, role, created_at)
         SELECT '{second}', id, 'owner', now() FROM users WHERE subject = 'anna'"
    );
    for tenants in [Tenants::none(), Tenants::one(first)] {
        assert!(change_as(&db, &tenants, &membership).is_err());
    }
    let taken_over = format!("UPDATE email_payments SET merchant_id = '{second}'");
    assert!(change_as(&db, &Tenants::one(first), &taken_over).is_err());
    let renamed = format!("UPDATE merchants SET name = 'Mine' WHERE id = '{second}'");
    assert_eq!(change_as(&db, &Tenants::one(first), &renamed).unwrap(), 0);
    assert_eq!(app.count("merchants WHERE name = 'Mine'"), 0);
    assert_eq!(change_as(&db, &Tenants::one(second), &membership).unwrap(), 1);
}

#[actix_web::test]
async fn sec_23_the_product_can_neither_read_nor_change_the_audit() {
    let app = TestApp::start().await;
    app.sign_in(ANNA).await;
    let tenants = Tenants::one(app.world.first);
    for db in [app.db(), app.jobs_db()] {
        for table in ["audit_log", "audit_log_default", "audit_seals"] {
            assert!(count_as(&db, &tenants, table).is_err(), "{table} can be read");
            for statement in [
                format!("UPDATE {table} SET id = 1"),
                format!("DELETE FROM {table}"),
                format!("TRUNCATE {table}"),
                format!("DROP TABLE {table}"),
            ] {
                assert!(change_as(&db, &tenants, &statement).is_err(), "{statement}");
            }
        }
    }
    let foreign = format!(
        "INSERT INTO audit_log (actor, action, is_done, merchant_id)
         VALUES ('system', 'forged', true, '{}')",
        app.world.second
    );
    assert!(change_as(&app.db(), &tenants, &foreign).is_err());
    assert!(change_as(&app.db(), &Tenants::none(), "SELECT audit_seal()").is_err());
}

#[actix_web::test]
async fn sec_11_the_view_of_the_list_shows_the_transactions_one_tenant_alone() {
    let app = two_merchants().await;
    let db = app.db();
    let (first, second) = (app.world.first, app.world.second);
    let seen = |tenants: &Tenants, asked: Option<MerchantId>| {
        let mut query =
            email_payments_list::table.select(email_payments_list::merchant_id).into_boxed();
        if let Some(asked) = asked {
            query = query.filter(email_payments_list::merchant_id.eq(asked));
        }
        db.run_blocking(tenants, |conn| Ok(query.load::<MerchantId>(conn)?)).unwrap()
    };
    for merchant in [first, second] {
        assert_eq!(seen(&Tenants::one(merchant), None), [merchant]);
        assert_eq!(seen(&Tenants::one(merchant), Some(merchant)), [merchant]);
    }
    assert_eq!(seen(&Tenants::one(first), Some(second)), []);
    assert_eq!(seen(&Tenants::none(), None), []);
    assert_eq!(seen(&Tenants::none(), Some(first)), []);
    // Of a transaction with several tenants it can't know which one is meant.
    assert_eq!(seen(&Tenants::several(&[first, second]), None), []);
    let changed = "UPDATE email_payments_list SET order_id = 'OF-OTHER'";
    assert!(change_as(&db, &Tenants::one(first), changed).is_err(), "it only reads");
}
