//! The demo's world: merchants of different size, country, currency and language, the people who
//! work for them, and two years of email payments.
//!
//! Merchants, users and originators are made by the product's own commands. The bulk of the
//! payments is made by Postgres itself, as the superuser: a hundred thousand in a few seconds.

mod bulk;
mod documents;
mod earlier;
mod generated;
mod tickets;
mod transactions;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{QueryableByName, sql_query};

use super::cluster::Cluster;
use super::keep::Keep;
use crate::auth::audit::{Actor, By};
use crate::auth::{MerchantRole, StaffRole, SystemScope};
use crate::crypto::Keyring;
use crate::db::{Db, Tenants};
use crate::kernel::{Clock, Currency, EmailAddress, Error, Lang, MerchantId, OriginatorId, UserId};
use crate::merchants::{self, NewMerchant, NewOriginator};
use crate::sandbox::gateway::Account;
use crate::sandbox::idp::Person;
use crate::sign_in::{self, NewUser};
use crate::statements::{self, NewConditions};
use crate::team::{self, NewInvitation, Writer};
use crate::views;

pub use earlier::earlier;
pub use generated::{BIGGEST, Generation, add as generate};

/// Subject and name of who owns the biggest of the generated merchants.
pub const OWNER_OF_BIGGEST: (&str, &str) = ("paola", "Paola Bellini");

/// API keys that are kept for originators.
pub const ORIGINATORS_MAX: usize = 8;

/// A merchant of the seed.
struct Seed {
    name: &'static str,
    legal_name: &'static str,
    address: &'static str,
    country: &'static str,
    currency: &'static str,
    language: Lang,
    zone: &'static str,
    email: &'static str,
    prefix: &'static str,
    confirmations: bool,
    /// Name, number and currencies of each originator.
    originators: &'static [(&'static str, &'static str, &'static [&'static str])],
    /// Past payments that are generated.
    payments: u64,
    /// Payments that wait for money now.
    open: u64,
}

const MERCHANTS: [Seed; 5] = [
    Seed {
        name: "Ceramiche Bellini",
        legal_name: "Ceramiche Bellini S.r.l.",
        address: "Via dei Vasai 12, 50022 Greve in Chianti (FI), Italia",
        country: "IT",
        currency: "EUR",
        language: Lang::It,
        zone: "Europe/Rome",
        email: "ordini@ceramichebellini.example",
        prefix: "CB",
        confirmations: true,
        originators: &[("Negozio online", "100201", &["EUR", "CHF", "GBP"])],
        payments: 99_640,
        open: 360,
    },
    Seed {
        name: "Atelier Fournier",
        legal_name: "Atelier Fournier SARL",
        address: "18 rue des Teinturiers, 84000 Avignon, France",
        country: "FR",
        currency: "EUR",
        language: Lang::Fr,
        zone: "Europe/Paris",
        email: "bonjour@atelier-fournier.example",
        prefix: "AF",
        confirmations: false,
        originators: &[("Boutique", "100301", &["EUR"]), ("Salons", "100302", &["EUR", "GBP"])],
        payments: 1_150,
        open: 50,
    },
    Seed {
        name: "Sakura Kitchen",
        legal_name: "Sakura Kitchen K.K.",
        address: "2-7-4 Nishiki, Nakagyo-ku, Kyoto 604-8054, Japan",
        country: "JP",
        currency: "JPY",
        language: Lang::En,
        zone: "Asia/Tokyo",
        email: "orders@sakura-kitchen.example",
        prefix: "SK",
        confirmations: true,
        originators: &[("Web shop", "100401", &["JPY", "USD"])],
        payments: 180,
        open: 20,
    },
    Seed {
        name: "Viajes Sol",
        legal_name: "Viajes Sol, S.L.",
        address: "Calle de la Luna 5, 41003 Sevilla, España",
        country: "ES",
        currency: "EUR",
        language: Lang::Es,
        zone: "Europe/Madrid",
        email: "reservas@viajes-sol.example",
        prefix: "VS",
        confirmations: false,
        originators: &[("Reservas", "100501", &["EUR"])],
        payments: 60,
        open: 8,
    },
    Seed {
        name: "Al Noor Trading",
        legal_name: "Al Noor Trading W.L.L.",
        address: "Salem Al Mubarak Street, Salmiya, Kuwait",
        country: "KW",
        currency: "KWD",
        language: Lang::En,
        zone: "Asia/Kuwait",
        email: "sales@alnoor.example",
        prefix: "AN",
        confirmations: false,
        originators: &[("Showroom", "100601", &["KWD", "USD"])],
        payments: 0,
        open: 0,
    },
];

/// A person of the seed: subject, name, address, what they are, and where.
type Human = (&'static str, &'static str, &'static str, Role, Lang);

enum Role {
    /// What they do, as the sign-in page says it, and of how many merchants.
    Staff(StaffRole, &'static str, usize),
    /// Role at merchants, by their place in [`MERCHANTS`].
    Of(&'static [(MerchantRole, usize)]),
    /// Known to the identity provider alone, until an invitation is accepted.
    Invited,
}

const PEOPLE: [Human; 11] = [
    (
        "paola",
        "Paola Bellini",
        "paola@ceramichebellini.example",
        Role::Of(&[(MerchantRole::Owner, 0)]),
        Lang::It,
    ),
    (
        "andrea",
        "Andrea Conti",
        "andrea@ceramichebellini.example",
        Role::Of(&[(MerchantRole::Accountant, 0)]),
        Lang::It,
    ),
    (
        "chiara",
        "Chiara Neri",
        "chiara@ceramichebellini.example",
        Role::Of(&[(MerchantRole::Clerk, 0)]),
        Lang::It,
    ),
    (
        "marc",
        "Marc Fournier",
        "marc@atelier-fournier.example",
        Role::Of(&[
            (MerchantRole::Owner, 1),
            (MerchantRole::Manager, 3),
            (MerchantRole::ReadOnly, 2),
        ]),
        Lang::Fr,
    ),
    (
        "noor",
        "Noor Al Sabah",
        "noor@alnoor.example",
        Role::Of(&[(MerchantRole::Owner, 4), (MerchantRole::Manager, 2)]),
        Lang::En,
    ),
    (
        "sofia",
        "Sofia Keller",
        "sofia@central.example",
        Role::Staff(StaffRole::SuccessManager, "Success manager of the first four", 4),
        Lang::En,
    ),
    (
        "lukas",
        "Lukas Brandt",
        "lukas@central.example",
        Role::Staff(StaffRole::SuccessManager, "Success manager without merchants yet", 0),
        Lang::En,
    ),
    (
        "tom",
        "Tom Baker",
        "tom@central.example",
        Role::Staff(StaffRole::Support, "Support agent", 0),
        Lang::En,
    ),
    (
        "irene",
        "Irene Vidal",
        "irene@central.example",
        Role::Staff(StaffRole::Accounting, "Accountant of the platform, for the first four", 4),
        Lang::Es,
    ),
    (
        "ada",
        "Ada Berg",
        "ada@central.example",
        Role::Staff(StaffRole::Administrator, "Administrator of the first four", 4),
        Lang::En,
    ),
    ("nina", "Nina Conti", "nina@ceramiche-bellini.example", Role::Invited, Lang::It),
];

/// The accounts of the sandbox identity provider.
#[must_use]
pub fn people() -> Vec<Person> {
    let person = |(subject, name, email, role, locale): &Human| Person {
        subject: (*subject).to_owned(),
        name: (*name).to_owned(),
        email: (*email).to_owned(),
        hint: hint(role),
        locale: *locale,
    };
    PEOPLE.iter().map(person).collect()
}

fn hint(role: &Role) -> String {
    match role {
        Role::Staff(_, words, _) => (*words).to_owned(),
        Role::Invited => "Not known to Central yet".to_owned(),
        Role::Of(memberships) => {
            let words = memberships.iter().filter_map(|(role, place)| {
                Some(format!("{} of {}", role_name(*role), MERCHANTS.get(*place)?.name))
            });
            words.collect::<Vec<_>>().join(", ")
        }
    }
}

const fn role_name(role: MerchantRole) -> &'static str {
    match role {
        MerchantRole::Owner => "Owner",
        MerchantRole::Manager => "Manager",
        MerchantRole::Accountant => "Accountant",
        MerchantRole::CustomerCare => "Customer care",
        MerchantRole::Clerk => "Clerk",
        MerchantRole::Developer => "Developer",
        MerchantRole::ReadOnly => "Read only",
    }
}

/// The originators as the sandbox gateway knows them.
#[must_use]
pub fn accounts(keep: &Keep) -> Vec<Account> {
    let originators = MERCHANTS.iter().flat_map(|merchant| {
        merchant.originators.iter().map(move |originator| (merchant, originator))
    });
    originators
        .zip(&keep.api_keys)
        .map(|((merchant, (_, number, currencies)), api_key)| Account {
            number: (*number).to_owned(),
            api_key: api_key.clone(),
            name: merchant.name.to_owned(),
            currencies: currencies.iter().filter_map(|code| Currency::parse(code)).collect(),
            attempts_max: 3,
            authorizes: false,
        })
        .collect()
}

/// Makes a database where it is missing.
pub fn create_database(db: &Db, name: &str) -> Result<(), Error> {
    #[derive(QueryableByName)]
    struct Exists {
        #[diesel(sql_type = Bool)]
        is_so: bool,
    }
    db.with_connection(|conn| {
        let exists: Exists =
            sql_query("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS is_so")
                .bind::<Text, _>(name)
                .get_result(conn)?;
        if !exists.is_so {
            conn.batch_execute(&format!("CREATE DATABASE {name}"))?;
        }
        Ok(())
    })
}

/// Fills an empty database; does nothing where there are merchants already.
pub fn run(cluster: &Cluster, keep: &Keep, issuer: &str, clock: &Clock) -> Result<(), Error> {
    let admin = Db::new(&cluster.superuser_url("central"), 1, true);
    if bulk::has_merchants(&admin)? {
        return Ok(());
    }
    let app = Db::new(&cluster.url("app", "central"), 1, true);
    let ids: Vec<MerchantId> = MERCHANTS.iter().map(|_| MerchantId::new()).collect();
    let mut api_keys = keep.api_keys.iter();
    let keys = keep.keys()?;
    let now = clock.now();
    let mut originators: Vec<Vec<OriginatorId>> = Vec::new();
    for (seed, id) in MERCHANTS.iter().zip(&ids) {
        let ids = app.run_blocking(&Tenants::one(*id), |conn| {
            add_merchant(conn, seed, *id, now)?;
            seed.originators
                .iter()
                .zip(&mut api_keys)
                .map(|(originator, api_key)| {
                    add_originator(conn, &keys, *id, originator, api_key, seed.confirmations, now)
                })
                .collect::<Result<Vec<_>, _>>()
        })?;
        app.run_blocking(&Tenants::one(*id), |conn| add_conditions(conn, seed, *id, now))?;
        originators.push(ids);
    }
    let users =
        app.run_blocking(&Tenants::several(&ids), |conn| add_people(conn, issuer, &ids, now))?;
    if let (Some(id), Some(owner)) = (ids.first(), users.first().and_then(|users| users.first())) {
        app.run_blocking(&Tenants::one(*id), |conn| {
            add_invitation(conn, &keys, *id, *owner, now)?;
            add_views(conn, *id, *owner, now)
        })?;
    }
    for (place, (seed, id)) in MERCHANTS.iter().zip(&ids).enumerate() {
        app.run_blocking(&Tenants::one(*id), |conn| documents::add(conn, seed, *id, now))?;
        let Some(author) = users.get(place).and_then(|users| users.first()) else { continue };
        app.run_blocking(&Tenants::one(*id), |conn| {
            tickets::add(conn, seed, *id, *author, place < 4, now)
        })?;
    }
    for (place, ((seed, id), originators)) in
        MERCHANTS.iter().zip(&ids).zip(&originators).enumerate()
    {
        let world = bulk::World {
            seed,
            merchant_id: *id,
            originators,
            users: users.get(place).map_or(&[][..], Vec::as_slice),
            now,
        };
        bulk::fill(&admin, &keys, &world)?;
        transactions::add(&admin, &world)?;
    }
    bulk::finish(&admin)
}

/// Fills a merchant that is there with payments like the first merchant's of the demo: `past` that
/// have ended and `open` that wait for money. For benchmarks.
pub fn fill(
    admin: &Db,
    keys: &Keyring,
    (merchant_id, originator_id, user_id): (MerchantId, OriginatorId, UserId),
    (past, open): (u64, u64),
    clock: &Clock,
) -> Result<(), Error> {
    let [first, ..] = MERCHANTS;
    let seed = Seed { payments: past, open, ..first };
    let world = bulk::World {
        seed: &seed,
        merchant_id,
        originators: &[originator_id],
        users: &[user_id],
        now: clock.now(),
    };
    bulk::fill(admin, keys, &world)?;
    bulk::finish(admin)
}

/// Adds `count` generated payments over 2,000 merchants, the biggest with 5 % of them.
pub fn add_generated(
    cluster: &Cluster,
    keep: &Keep,
    count: u64,
    clock: &Clock,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<(), Error> {
    let people = [OWNER_OF_BIGGEST.0, "chiara"];
    let generation = Generation { count, people: &people, now: clock.now(), tell };
    generated::add(&cluster.superuser_url("central"), &keep.keys()?, &generation)
}

fn add_merchant(
    conn: &mut PgConnection,
    seed: &Seed,
    id: MerchantId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let new = NewMerchant {
        id,
        name: seed.name,
        legal_name: seed.legal_name,
        address: seed.address,
        country: seed.country,
        currency: seed.currency,
        language: seed.language,
        time_zone: seed.zone,
        email: seed.email,
        order_prefix: seed.prefix,
        created_at: now,
    };
    merchants::add_merchant(conn, &new)
}

/// What the provider takes, for each currency in which the merchant is paid.
fn add_conditions(
    conn: &mut PgConnection,
    seed: &Seed,
    id: MerchantId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let codes: std::collections::BTreeSet<&str> =
        seed.originators.iter().flat_map(|(_, _, currencies)| currencies.iter().copied()).collect();
    for currency in codes.into_iter().filter_map(Currency::parse) {
        let unit = 10_i64.pow(u32::try_from(currency.exponent()).unwrap_or(0));
        // 0.20, 0.50 and 25.00 of a currency like the euro.
        let each = |hundredths: i64| match currency.code() {
            "JPY" => hundredths * 3 / 2,
            _ => hundredths * unit / 100,
        };
        let new = NewConditions {
            provider: "PayXpert".to_owned(),
            currency,
            valid_from: (now - chrono::Duration::days(3 * 366)).date_naive(),
            percent_bp: 140,
            per_sale_minor: each(20),
            per_refund_minor: each(50),
            per_chargeback_minor: each(2_500),
            tax_bp: 2_000,
            holdback_bp: 500,
            holdback_days: 180,
            due_days: 10,
            reason: "As agreed in the contract".to_owned(),
        };
        let scope = SystemScope::found(id).into();
        statements::add_conditions(conn, scope, &By::other(Actor::System), None, &new, now)?;
    }
    Ok(())
}

fn add_originator(
    conn: &mut PgConnection,
    keys: &Keyring,
    merchant_id: MerchantId,
    (name, number, currencies): &(&str, &str, &[&str]),
    api_key: &str,
    confirms_success: bool,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<OriginatorId, Error> {
    let currencies: Vec<Currency> =
        currencies.iter().filter_map(|code| Currency::parse(code)).collect();
    let id = OriginatorId::new();
    let new = NewOriginator {
        merchant_id,
        id,
        name,
        number,
        api_key,
        currencies: &currencies,
        attempts_max: 3,
        confirms_success,
        is_page_set_up: true,
        created_at: now,
    };
    merchants::add_originator(conn, keys, &new)?;
    Ok(id)
}

/// Everybody; for each merchant, who may create payments there.
fn add_people(
    conn: &mut PgConnection,
    issuer: &str,
    ids: &[MerchantId],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<Vec<UserId>>, Error> {
    let mut writers: Vec<Vec<UserId>> = ids.iter().map(|_| Vec::new()).collect();
    for (subject, name, email, role, _) in &PEOPLE {
        let staff_role = match role {
            Role::Staff(role, ..) => Some(*role),
            Role::Of(_) => None,
            Role::Invited => continue,
        };
        let new = NewUser {
            id: UserId::new(),
            issuer,
            subject,
            name,
            email,
            staff_role,
            created_at: now,
        };
        let user_id = sign_in::add_user(conn, &new)?;
        match role {
            Role::Staff(_, _, count) => {
                for id in ids.iter().take(*count) {
                    merchants::assign(conn, *id, user_id, now)?;
                }
                if staff_role == Some(StaffRole::SuccessManager) {
                    let (by, spoken) = (By::other(Actor::System), [Lang::En, Lang::It, Lang::Fr]);
                    merchants::set_card(conn, &by, user_id, &spoken, "09:00–17:30 (Europe/Paris)")?;
                }
            }
            Role::Invited => {}
            Role::Of(memberships) => {
                for (role, place) in *memberships {
                    let (Some(id), Some(writers)) = (ids.get(*place), writers.get_mut(*place))
                    else {
                        continue;
                    };
                    merchants::join(conn, *id, user_id, *role, now)?;
                    if matches!(
                        role,
                        MerchantRole::Owner | MerchantRole::Clerk | MerchantRole::Manager
                    ) {
                        writers.push(user_id);
                    }
                }
            }
        }
    }
    Ok(writers)
}

/// An open invitation at a merchant, for whoever of the people is not known yet.
fn add_invitation(
    conn: &mut PgConnection,
    keys: &Keyring,
    merchant_id: MerchantId,
    owner: UserId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let scope = SystemScope::found(merchant_id).into();
    let by = By { user_id: Some(owner), ..By::other(Actor::System) };
    let writer = Writer { by, user_id: owner, is_staff: false, now };
    for (_, _, email, _, language) in
        PEOPLE.iter().filter(|(_, _, _, role, _)| matches!(role, Role::Invited))
    {
        let email = EmailAddress::parse(email).ok_or_else(|| Error::internal("a bad address"))?;
        let role = MerchantRole::Accountant;
        let new = NewInvitation { email, role, language: *language, is_other_account: false };
        team::invite(conn, keys, scope, &writer, &new)?
            .map_err(|_| Error::internal("the invitation is refused"))?;
    }
    Ok(())
}

/// Views that the first merchant's owner shares with everybody there.
fn add_views(
    conn: &mut PgConnection,
    merchant_id: MerchantId,
    owner: UserId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), Error> {
    let by = By { user_id: Some(owner), ..By::other(Actor::System) };
    let scope = SystemScope::found(merchant_id).into();
    let writer = views::Writer { scope, list: "email_payments", user_id: owner, by, now };
    for (name, query) in [
        ("Ultimi 30 giorni", "created=last_30_days"),
        ("In scadenza", "group=current&expires_within=3&sort=expires"),
        ("Oltre 1.000", "amount_op=above&amount_min=1000"),
    ] {
        let new =
            views::NewView { name: name.to_owned(), is_shared: true, query: query.to_owned() };
        writer.create(conn, &new)?.map_err(|_| Error::internal("the view is refused"))?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
