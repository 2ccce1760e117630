//! The permission matrix, to be read: the table that guards, and the addresses that it guards.

use actix_web::http::Method;
use actix_web::web::Data;
use askama::Template;

use crate::auth::{MerchantRole, MerchantUser, Reach};
use crate::kernel::{Error, Right, Texts};
use crate::web::ui::Icon;
use crate::web::{App, Audience, Html, Route, Shell, html, rights};

#[derive(Template)]
#[template(path = "team/permissions.html")]
struct PermissionsPage {
    shell: Shell,
    t: &'static Texts,
    own: MerchantRole,
    roles: Vec<Role>,
    rights: Vec<Line>,
}

/// A column.
struct Role {
    name: String,
    is_own: bool,
}

/// A right, how far it reaches for each role, and what it opens.
struct Line {
    name: String,
    cells: Vec<Cell>,
    /// Addresses that are looked at, and addresses that something is sent to.
    opens: Vec<&'static str>,
    takes: Vec<&'static str>,
}

struct Cell {
    icon: Icon,
    words: String,
    tone: &'static str,
    is_own: bool,
}

/// `GET /settings/permissions`
pub async fn show(user: MerchantUser, shell: Shell, app: Data<App>) -> Html {
    let t = shell.t;
    let own = user.principal().current().ok_or(Error::Forbidden(None))?.role;
    let roles = MerchantRole::ALL.iter();
    let roles =
        roles.map(|role| Role { name: rights::merchant_role(t, *role), is_own: *role == own });
    let is_merchants = |right: &Right| MerchantRole::ALL.iter().any(|role| role.may(*right));
    let lines = Right::ALL.into_iter().filter(is_merchants);
    let lines = lines.map(|right| Line::of(right, own, &app.routes, t));
    html(&PermissionsPage { t, own, roles: roles.collect(), rights: lines.collect(), shell })
}

impl Line {
    fn of(right: Right, own: MerchantRole, routes: &[Route], t: &Texts) -> Self {
        let guarded = |method: &Method| {
            let guarded = routes
                .iter()
                .filter(|route| opens(route.audience, right))
                .filter(|route| route.method == *method);
            guarded.map(|route| route.path).collect()
        };
        let roles = MerchantRole::ALL.iter();
        Self {
            name: rights::right(t, right),
            cells: roles.map(|role| Cell::of(role.reach(right), *role == own, t)).collect(),
            opens: guarded(&Method::GET),
            takes: guarded(&Method::POST),
        }
    }
}

/// Whether a right lets users of a merchant, or their programs, in.
fn opens(audience: Audience, right: Right) -> bool {
    match audience {
        Audience::Merchant(needed) | Audience::Both(needed) => needed == right,
        Audience::Api(scope) => scope.right() == right,
        Audience::Public
        | Audience::Peer
        | Audience::SignedIn
        | Audience::MerchantUser
        | Audience::Staff(_)
        | Audience::StaffApi(_) => false,
    }
}

impl Cell {
    fn of(reach: Reach, is_own: bool, t: &Texts) -> Self {
        let (icon, words, tone) = match reach {
            Reach::All => ("circle-check", t.msg_permissions_yes(), "pos"),
            Reach::Own => ("user-circle", t.msg_permissions_own(), "wait"),
            Reach::None => ("x", t.msg_permissions_no(), "neu"),
        };
        Self { icon: Icon(icon), words, tone, is_own }
    }
}

impl PermissionsPage {
    /// One sentence about the reader's own role.
    fn own_words(&self) -> String {
        let role = rights::merchant_role(self.t, self.own);
        self.t.msg_permissions_intro(role)
    }

    /// The signs of the table, once.
    fn legend(&self) -> [Cell; 3] {
        [Reach::All, Reach::Own, Reach::None].map(|reach| Cell::of(reach, false, self.t))
    }
}
