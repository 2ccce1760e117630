//! The team: who is in it, and who may change it.

mod invitations;

use central::auth::MerchantRole;
use central::sandbox::idp::IdTokenFault;
use central::sandbox::mailbox::SmtpReply;
use chrono::Duration;
use openidconnect::reqwest::StatusCode;

use crate::support::*;

const NOBODYS_ADDRESS: &str = "nobody@example.com";

/// Asks somebody to join, through the form at one of the two doors.
async fn invite(by: &mut Browser, team: &str, email: &str, role: &str) -> Page {
    let form = by.get(&format!("{team}/invitations/new")).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    let fields = [("email", email), ("role", role)];
    by.submit(&form, &format!("{team}/invitations"), &fields, "").await
}

/// The link in the newest invitation to an address, once it has got `count`.
async fn link_to(app: &TestApp, email: &str, count: usize) -> String {
    let mails = app.mailbox.wait_for(email, count).await;
    assert_eq!(mails.len(), count, "mails to {email}");
    let text = mails.first().and_then(|mail| mail.text.clone()).unwrap();
    found(r"(/invitations/[A-Za-z0-9_-]{43})\s", &text).remove(0)
}

/// Invited, and the mail has arrived: its link.
async fn invited(app: &TestApp, by: &mut Browser, email: &str, role: &str) -> String {
    let before = app.count(&format!("mails WHERE recipient = '{email}'"));
    let done = invite(by, TEAM, email, role).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    link_to(app, email, usize::try_from(before).unwrap() + 1).await
}

/// Opens the link and signs in at the provider: the page that follows.
async fn sign_in_for(browser: &mut Browser, link: &str, person: &str) -> Page {
    let page = browser.get(link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let away = browser.submit(&page, "/sign-in", &[], "").await;
    let provider = browser.get(&away.location().expect("the provider's address")).await;
    let back = browser.choose(&provider, person).await;
    browser.follow(back).await
}

async fn accept(browser: &mut Browser, page: &Page, link: &str) -> Page {
    browser.submit(page, link, &[], "").await
}

/// `/settings/team/members/…` of a person of the tests.
fn member(app: &TestApp, person: &str) -> String {
    format!("{TEAM}/members/{}", user_id(app, person))
}

fn user_id(app: &TestApp, person: &str) -> String {
    app.text(&format!("SELECT id FROM users WHERE subject = '{person}'"))
}

async fn set_role(by: &mut Browser, at: &str, role: MerchantRole) -> Page {
    let page = by.get(at).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    by.submit(&page, &format!("{at}/role"), &[("role", role.as_str())], "").await
}

async fn remove(by: &mut Browser, at: &str) -> Page {
    by.answers(at, "removal", &[]).await
}

fn audited(app: &TestApp, action: &str) -> Vec<String> {
    app.texts(&format!(
        "SELECT concat_ws(' ', user_role, is_done, before->>'role', after->>'role', after->>'reason')
         FROM audit_log WHERE action = '{action}'"
    ))
}

#[actix_web::test]
async fn sec_06_a_role_is_given_only_with_a_fresh_proof_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let old = "UPDATE sessions SET authenticated_at = authenticated_at - interval '6 minutes'";
    app.change(old);
    let late = invite(&mut anna, TEAM, NOBODYS_ADDRESS, "clerk").await;
    assert!(late.location().is_some_and(|to| to.starts_with("/sign-in/again?")), "{}", late.status);
    let accounts = anna.follow(late).await;
    let back = anna.choose(&accounts, ANNA).await;
    let form = anna.follow(back).await;
    assert_eq!(form.attribute("#email", "value"), NOBODYS_ADDRESS);
    assert!(form.has("#role-clerk[checked]"));
    assert_eq!(app.count("invitations"), 0, "nothing is sent by itself");
    let done = anna.submit(&form, &format!("{TEAM}/invitations"), &[], "").await;
    assert_eq!(done.location().as_deref(), Some(TEAM));

    app.change(old);
    let at = member(&app, CARLA);
    let late = set_role(&mut anna, &at, MerchantRole::Manager).await;
    assert!(late.location().is_some_and(|to| to.starts_with("/sign-in/again?")), "{}", late.status);
    assert_eq!(app.count("memberships WHERE role = 'manager'"), 0);
    let page = remove(&mut anna, &at).await;
    assert_eq!(page.location().as_deref(), Some(TEAM), "taking away needs none");
}

#[actix_web::test]
async fn sec_11_a_change_of_role_and_the_end_of_access_count_with_the_next_request() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let at = member(&app, CARLA);
    let done = set_role(&mut anna, &at, MerchantRole::Accountant).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    assert_eq!(carla.get(NEW).await.status, StatusCode::FORBIDDEN, "an accountant writes nothing");
    assert_eq!(carla.get(LIST).await.status, StatusCode::OK);
    assert_eq!(anna.follow(done).await.text(".flash"), "Carla Verdi now has the role Accountant.");

    let done = remove(&mut anna, &at).await;
    assert_eq!(carla.get(LIST).await.status, StatusCode::FORBIDDEN);
    assert_eq!(anna.follow(done).await.text(".flash"), "Carla Verdi no longer has access.");
    let token = form_token(&mut anna).await;
    let again = anna.post(&format!("{at}/removal"), &[("_csrf", &token)]).await;
    assert_eq!(again.location().as_deref(), Some(TEAM), "pressed twice");
    assert_eq!(audited(&app, "team.role"), ["owner t clerk accountant"]);
    assert_eq!(audited(&app, "team.remove"), ["owner t accountant"]);
}

#[actix_web::test]
async fn sec_11_who_loses_one_team_keeps_the_others() {
    let app = TestApp::start().await;
    let (mut anna, mut bruno) = (app.sign_in(ANNA).await, app.sign_in(BRUNO).await);
    remove(&mut anna, &member(&app, BRUNO)).await;
    let page = bruno.open("/").await;
    assert_eq!((page.status, page.text(".who b")), (StatusCode::OK, "Atelier Fournier".to_owned()));
    assert_eq!(bruno.get(TEAM).await.status, StatusCode::OK, "still an owner there");
}

#[actix_web::test]
async fn sec_11_the_last_owner_stays_and_stays_an_owner() {
    let app = TestApp::start().await;
    let (mut anna, mut sofia) = (app.sign_in(ANNA).await, app.sign_in(SOFIA).await);
    let at = member(&app, ANNA);
    let words = "This is the last owner: make somebody else an owner first";
    let page = set_role(&mut anna, &at, MerchantRole::Manager).await;
    assert_eq!(
        (page.status, page.text(".errors li")),
        (StatusCode::UNPROCESSABLE_ENTITY, words.to_owned())
    );
    assert!(page.has("#role-manager[checked]"), "what was chosen is kept");
    let page = remove(&mut anna, &at).await;
    assert_eq!(
        (page.status, page.text(".errors li")),
        (StatusCode::UNPROCESSABLE_ENTITY, words.to_owned())
    );
    let staffs = at.replace("/settings", &format!("/merchants/{}", app.world.first));
    let page = remove(&mut sofia, &staffs).await;
    assert_eq!(page.text(".errors li"), words, "the platform's people can't either");

    // An owner who can't sign in is none who can take over.
    app.member("former", app.world.first, "owner");
    app.change("UPDATE users SET is_active = false WHERE subject = 'former'");
    assert_eq!(remove(&mut anna, &at).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.change("UPDATE users SET is_active = true");
    let done = remove(&mut anna, &at).await;
    assert_eq!(done.location().as_deref(), Some("/"), "with another owner she may go");
    assert_eq!(anna.get(TEAM).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn sec_11_two_owners_who_demote_each_other_at_the_same_moment_leave_one() {
    let app = TestApp::start().await;
    for round in 0..5 {
        app.change("UPDATE memberships SET role = 'owner' FROM users WHERE id = user_id AND subject IN ('anna', 'aldo')");
        let (mut anna, mut aldo) = (app.sign_in(ANNA).await, app.sign_in(ALDO).await);
        let (to_aldo, to_anna) = (member(&app, ALDO), member(&app, ANNA));
        let (one, other) = (anna.get(&to_aldo).await, aldo.get(&to_anna).await);
        let clerk = [("role", "clerk")];
        let (to_aldo, to_anna) = (format!("{to_aldo}/role"), format!("{to_anna}/role"));
        let (one, other) = tokio::join!(
            anna.submit(&one, &to_aldo, &clerk, ""),
            aldo.submit(&other, &to_anna, &clerk, "")
        );
        let owners = app.count(&format!(
            "memberships WHERE role = 'owner' AND merchant_id = '{}'",
            app.world.first
        ));
        assert_eq!(owners, 1, "round {round}: {} and {}", one.status, other.status);
        app.change("UPDATE sessions SET ended_at = now() WHERE ended_at IS NULL");
    }
}

#[actix_web::test]
async fn sec_11_what_somebody_sent_who_must_not_invite_any_more_is_withdrawn() {
    let app = TestApp::start().await;
    let (mut anna, mut aldo) = (app.sign_in(ANNA).await, app.sign_in(ALDO).await);
    app.change("UPDATE memberships SET role = 'owner' WHERE role = 'accountant'");
    let link = invited(&app, &mut aldo, "back-door@example.com", "owner").await;
    assert_eq!(app.browser().get(&link).await.status, StatusCode::OK);
    set_role(&mut anna, &member(&app, ALDO), MerchantRole::Manager).await;
    assert_eq!(app.browser().get(&link).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.text("SELECT end_reason FROM invitations"), "withdrawn");
}

#[actix_web::test]
async fn sec_04_an_owner_ends_every_session_of_a_member_and_not_their_own() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let (mut one, mut other) = (app.sign_in(CARLA).await, app.sign_in(CARLA).await);
    let at = member(&app, CARLA);
    let page = anna.get(&at).await;
    let done = anna.submit(&page, &format!("{at}/sign-out"), &[], "").await;
    for carla in [&mut one, &mut other] {
        let page = carla.get(LIST).await;
        assert!(page.location().is_some_and(|to| to.starts_with("/sign-in")), "{}", page.status);
    }
    assert_eq!(anna.follow(done).await.text(".flash"), "All sessions of Carla Verdi have ended.");
    assert_eq!(audited(&app, "sessions.end_by_other"), ["owner t"]);
    let own = format!("{}/sign-out", member(&app, ANNA));
    assert!(!anna.get(&member(&app, ANNA)).await.body.contains(&own), "not her own");
    let token = form_token(&mut anna).await;
    let page = anna.post(&own, &[("_csrf", &token)]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(anna.get(TEAM).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn sec_11_the_platforms_people_manage_the_teams_of_their_portfolio_only() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let shown = sofia.get(&format!("/merchants/{}", app.world.first)).await;
    let team = format!("/merchants/{}/team", app.world.first);
    assert!(shown.has(&format!("a[href='{team}']")));
    let done = invite(&mut sofia, &team, NOBODYS_ADDRESS, "owner").await;
    assert_eq!(done.location().as_deref(), Some(team.as_str()), "{}", done.text("main"));
    let page = sofia.follow(done).await;
    assert!(page.text("#invitations").contains("by Sofia Keller"), "{}", page.text("main"));
    assert!(!page.has("a[href='/settings/permissions']"));
    let mut nobody = app.browser();
    let link = link_to(&app, NOBODYS_ADDRESS, 1).await;
    let page = sign_in_for(&mut nobody, &link, NOBODY).await;
    let done = accept(&mut nobody, &page, &link).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    assert_eq!(nobody.get(TEAM).await.status, StatusCode::OK, "an owner");
    let at = format!("{team}/members/{}", user_id(&app, NOBODY));
    let done = set_role(&mut sofia, &at, MerchantRole::Clerk).await;
    assert_eq!(done.location().as_deref(), Some(team.as_str()));
    assert_eq!(nobody.get(TEAM).await.status, StatusCode::FORBIDDEN);
    assert_eq!(audited(&app, "team.role"), ["success_manager t owner clerk"]);

    // Bruno is a member of the first team; through the door of the second he is not there.
    let foreign = format!("/merchants/{}/team", app.world.second);
    assert_eq!(sofia.get(&foreign).await.status, StatusCode::NOT_FOUND);
    let mut bruno = app.sign_in(BRUNO).await;
    let page = bruno.get(&member(&app, CARLA)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "Carla is not of his team");
    let token = form_token(&mut bruno).await;
    let invitation = app.invitation("other@example.com", app.world.first);
    for verb in ["resend", "withdrawal"] {
        let at = format!("{TEAM}/invitations/{invitation}/{verb}");
        let page = bruno.post(&at, &[("_csrf", &token)]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{verb}");
    }
    for (verb, fields) in
        [("role", vec![("role", "owner")]), ("sign-out", vec![]), ("removal", vec![])]
    {
        let at = format!("{}/{verb}", member(&app, CARLA));
        let fields = [vec![("_csrf", token.as_str())], fields].concat();
        let page = bruno.post(&at, &fields).await;
        assert!(matches!(page.status.as_u16(), 303 | 404), "{verb}: {}", page.status);
    }
    assert_eq!(app.count("memberships m JOIN users u ON u.id = user_id WHERE subject = 'carla' AND role = 'clerk'"), 1);
}

#[actix_web::test]
async fn the_teams_page_shows_members_and_open_invitations() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    invited(&app, &mut anna, NOBODYS_ADDRESS, "accountant").await;
    app.mails_settle().await;
    let page = anna.get(TEAM).await;
    let rows = page.texts("section:first-of-type tbody tr");
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert!(rows[0].starts_with("Aldo Neri") && rows[0].contains("Accountant"), "{rows:?}");
    assert!(rows[0].contains("Never"), "{rows:?}");
    assert!(rows[1].contains("Anna Rossi (you)") && rows[1].contains("Today"), "{rows:?}");
    let row = page.text("#invitations tbody tr");
    for told in [NOBODYS_ADDRESS, "by Anna Rossi", "Accountant", "Sent"] {
        assert!(row.contains(told), "{told}: {row}");
    }
    assert!(page.has(".menu a[href='/settings/team'][aria-current]"));
}

#[actix_web::test]
async fn every_user_of_a_merchant_reads_the_permission_matrix_and_finds_their_own_role() {
    let app = TestApp::start().await;
    for (person, role) in [(ANNA, "Owner"), (CARLA, "Clerk")] {
        let mut browser = app.sign_in(person).await;
        let page = browser.get("/settings/permissions").await;
        assert_eq!(
            page.text(".page-head p"),
            format!("Your role is {role}. An owner can give you another one.")
        );
        assert_eq!(page.text("thead th.is-own"), format!("{role}your role"));
        let rows = page.texts("tbody tr:first-child");
        assert_eq!(rows[0], "See email paymentsYesYesYesYesOnly their ownYesYes");
        let team = rows.iter().find(|row| row.starts_with("Team and roles")).unwrap();
        assert_eq!(team, "Team and rolesYesNoNoNoNoNoNo");
        assert!(!page.text("table").contains("Merchants in one’s care"), "no merchant's right");
    }
    // What a right opens is what it guards.
    let mut anna = app.sign_in(ANNA).await;
    let page = anna.get("/settings/permissions").await;
    let told: Vec<String> = page.texts("tr.opens code");
    let routes = central::server::routes();
    for route in routes.listing() {
        // By one method or another.
        let is_merchants = routes.listing().iter().any(|other| {
            let audience = other.audience;
            other.path == route.path
                && matches!(
                    audience,
                    central::web::Audience::Merchant(_) | central::web::Audience::Api(_)
                )
        });
        assert_eq!(told.contains(&route.path.to_owned()), is_merchants, "{}", route.path);
    }
}

#[actix_web::test]
async fn sec_09_the_tokens_of_who_leaves_do_not_come_back_with_them() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let spare = app.member("spare", app.world.first, "developer");
    app.change(&format!(
        "INSERT INTO access_tokens (merchant_id, id, user_id, name, token_hash, scopes, created_at, expires_at)
         VALUES ('{}', gen_random_uuid(), '{spare}', 'ERP', sha256('x'), '{{email_payments:read}}', now(), now() + interval '1 day')",
        app.world.first
    ));
    let at = format!("{TEAM}/members/{spare}");
    set_role(&mut anna, &at, MerchantRole::Accountant).await;
    assert_eq!(app.count("access_tokens WHERE revoked_at IS NULL"), 0);
    assert_eq!(app.count("audit_log WHERE action = 'access_token.revoke'"), 1);
    set_role(&mut anna, &at, MerchantRole::Developer).await;
    assert_eq!(app.count("access_tokens WHERE revoked_at IS NULL"), 0, "not with the role");
}

#[actix_web::test]
async fn sec_11_a_success_manager_whose_assignment_ends_changes_no_team_any_more() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let team = format!("/merchants/{}/team", app.world.first);
    let page = sofia.get(&format!("{team}/invitations/new")).await;
    app.change("DELETE FROM success_manager_assignments a USING users u WHERE u.id = a.user_id AND u.subject = 'sofia'");
    let fields = [("email", "late@example.com"), ("role", "owner")];
    let late = sofia.submit(&page, &format!("{team}/invitations"), &fields, "").await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert_eq!(app.count("invitations"), 0);
}
