//! The team: who is in it, who may change it, and the only way in.

use central::auth::MerchantRole;
use central::sandbox::idp::IdTokenFault;
use central::sandbox::mailbox::SmtpReply;
use chrono::Duration;
use insta::assert_snapshot;
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
async fn sec_06_an_invitation_leads_from_the_mail_over_the_provider_into_the_team() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let link = invited(&app, &mut anna, NOBODYS_ADDRESS, "clerk").await;
    let page = anna.get(TEAM).await;
    assert_eq!(page.text(".flash"), "Invitation on its way to nobody@example.com.");
    let mut nobody = app.browser();
    let page = nobody.get(&link).await;
    assert_eq!(page.text("h1"), "Join Ceramiche Bellini");
    assert!(page.text("main").contains("Anna Rossi invites you"), "{}", page.text("main"));
    assert!(page.text("dl").contains("Clerk"), "{}", page.text("dl"));
    assert!(!page.body.contains(NOBODYS_ADDRESS), "the link does not tell the address");

    let page = sign_in_for(&mut nobody, &link, NOBODY).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let told = page.text("main");
    assert!(told.contains("as Nobody Nowhere, nobody@example.com"), "{told}");
    assert_eq!(app.count("users WHERE subject = 'nobody'"), 0, "looking binds nobody");

    let done = accept(&mut nobody, &page, &link).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text("main"));
    let page = nobody.follow(done).await;
    assert_eq!(page.text(".flash"), "Welcome. You now work for Ceramiche Bellini.");
    assert_eq!(nobody.get(NEW).await.status, StatusCode::OK, "a clerk writes requests");
    assert_eq!(nobody.get(TEAM).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        app.texts(
            "SELECT concat_ws(' ', name, email, staff_role) FROM users WHERE subject = 'nobody'"
        ),
        ["Nobody Nowhere nobody@example.com"]
    );
    assert_eq!(audited(&app, "team.invite"), ["owner t clerk"]);
    assert_eq!(audited(&app, "team.join"), ["clerk t clerk"]);
    let row = "SELECT end_reason || (token_encrypted IS NULL) FROM invitations";
    assert_eq!(app.text(row), "acceptedtrue");

    let page = anna.get(TEAM).await;
    assert!(page.texts("tbody tr").iter().any(|row| row.contains("Nobody Nowhere")));
    assert!(page.text("#invitations").contains("No invitation is open"));
}

#[actix_web::test]
async fn sec_06_an_identity_with_another_address_is_not_bound() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let link = invited(&app, &mut anna, "somebody@example.com", "clerk").await;
    let mut nobody = app.browser();
    let page = sign_in_for(&mut nobody, &link, NOBODY).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text("h1"), "This invitation is for another address");
    assert!(!page.body.contains("somebody"), "which one is not told");

    // The question is asked again when the form comes.
    let good = invited(&app, &mut anna, "NOBODY@Example.com", "clerk").await;
    let page = nobody.get(&good).await;
    assert_eq!(page.status, StatusCode::OK, "apart from case it is the same address");
    let proof = page.attribute("input[name=proof]", "value");
    let refused = nobody.post(&link, &[("proof", &proof)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.text("h1"), "This invitation is for another address");
    assert_eq!(app.count("users WHERE subject = 'nobody'"), 0);
    assert_eq!(app.count("invitations WHERE ended_at IS NULL"), 2);
    assert_eq!(audited(&app, "team.join"), ["f another address"]);
}

#[actix_web::test]
async fn sec_06_an_address_that_the_provider_has_not_verified_is_none() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let link = invited(&app, &mut anna, NOBODYS_ADDRESS, "clerk").await;
    app.idp.spoil(IdTokenFault::UnverifiedEmail);
    let page = sign_in_for(&mut app.browser(), &link, NOBODY).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text("h1"), "This invitation is for another address");
    assert_eq!(app.count("users WHERE subject = 'nobody'"), 0);
}

#[actix_web::test]
async fn sec_06_a_link_that_is_used_withdrawn_replaced_expired_or_unknown_says_the_same() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let mut pages = Vec::new();
    let mut look = async |link: &str| {
        let page = app.browser().get(link).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{link}");
        pages.push(page.body);
    };
    look("/invitations/unknown").await;
    look(&format!("/invitations/{}", "x".repeat(43))).await;

    let used = invited(&app, &mut anna, NOBODYS_ADDRESS, "clerk").await;
    let mut nobody = app.browser();
    let page = sign_in_for(&mut nobody, &used, NOBODY).await;
    accept(&mut nobody, &page, &used).await;
    look(&used).await;

    let withdrawn = invited(&app, &mut anna, "w@example.com", "clerk").await;
    let page = anna.get(TEAM).await;
    let withdrawal = page.attribute("form[action$='/withdrawal']", "action");
    let done = anna.submit(&page, &withdrawal, &[], "").await;
    let told = anna.follow(done).await.text(".flash");
    assert_eq!(told, "Invitation to w@example.com withdrawn. Its link no longer works.");
    look(&withdrawn).await;
    let again = anna.submit(&page, &withdrawal, &[], "").await;
    assert_eq!(again.status, StatusCode::CONFLICT, "somebody was faster");

    let replaced = invited(&app, &mut anna, "r@example.com", "clerk").await;
    let expired = invited(&app, &mut anna, "R@example.com", "accountant").await;
    look(&replaced).await;
    app.later(Duration::hours(73)).await;
    look(&expired).await;
    assert!(anna.get(TEAM).await.text("#invitations").contains("Expired"));
    pages.dedup();
    assert_eq!(pages.len(), 1);
    assert_eq!(audited(&app, "team.invitation.withdraw"), ["owner t clerk"]);
}

#[actix_web::test]
async fn sec_06_of_two_browsers_with_one_token_one_wins() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let link = invited(&app, &mut anna, NOBODYS_ADDRESS, "clerk").await;
    let (mut one, mut other) = (app.browser(), app.browser());
    let first = sign_in_for(&mut one, &link, NOBODY).await;
    let second = sign_in_for(&mut other, &link, NOBODY).await;
    let (first, second) =
        tokio::join!(accept(&mut one, &first, &link), accept(&mut other, &second, &link));
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::NOT_FOUND]);
    assert_eq!(app.count("users WHERE subject = 'nobody'"), 1);
    assert_eq!(app.count("audit_log WHERE action = 'team.join' AND is_done"), 1);
}

#[actix_web::test]
async fn sec_06_the_form_of_an_invitation_needs_the_proof_of_this_browsers_sign_in() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let link = invited(&app, &mut anna, NOBODYS_ADDRESS, "clerk").await;
    let mut nobody = app.browser();
    let away = nobody.post(&link, &[]).await;
    assert_eq!(away.status, StatusCode::SEE_OTHER, "nobody has signed in");
    sign_in_for(&mut nobody, &link, NOBODY).await;
    let mut other = app.browser();
    let theirs = sign_in_for(&mut other, &link, NOBODY).await;
    let theirs = theirs.attribute("input[name=proof]", "value");
    for proof in ["", "AAAA", theirs.as_str()] {
        let page = nobody.post(&link, &[("proof", proof)]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{proof:?}");
    }
    assert_eq!(app.count("users WHERE subject = 'nobody'"), 0);
}

#[actix_web::test]
async fn sec_06_who_is_known_joins_a_second_team_with_the_same_account() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.change("DELETE FROM memberships WHERE role = 'read_only'");
    let link = invited(&app, &mut anna, "bruno@example.com", "manager").await;
    let users = app.count("users");
    let mut bruno = app.browser();
    let page = sign_in_for(&mut bruno, &link, BRUNO).await;
    let done = accept(&mut bruno, &page, &link).await;
    let page = bruno.follow(done).await;
    assert_eq!(page.text(".who b"), "Ceramiche Bellini", "{}", page.text(".flash"));
    assert_eq!(app.count("users"), users);
    assert_eq!(
        app.count("memberships m JOIN users u ON u.id = user_id WHERE subject = 'bruno'"),
        2
    );

    // Once more: nothing changes, and the invitation is not used up.
    let done = invite(&mut anna, TEAM, "bruno@example.com", "clerk").await;
    assert_eq!(done.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(done.text(".errors").contains("Bruno Blanc is in the team with this address already"));
    assert_eq!(done.attribute("#email", "value"), "bruno@example.com");
    assert!(done.has("#role-clerk[checked]"));
    let at = format!("{TEAM}/invitations");
    let done = anna.submit(&done, &at, &[("is_other_account", "true")], "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "another account may be meant");
    let link = link_to(&app, "bruno@example.com", 2).await;
    let page = sign_in_for(&mut bruno, &link, BRUNO).await;
    let page = accept(&mut bruno, &page, &link).await;
    assert_eq!(page.text("h1"), "You are in this team already");
    assert_eq!(app.count("memberships WHERE role = 'manager'"), 1);
    assert_eq!(app.count("invitations WHERE ended_at IS NULL"), 1);
}

#[actix_web::test]
async fn sec_06_neither_staff_nor_an_account_that_is_switched_off_joins_a_team() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.member("gone", app.world.second, "clerk");
    app.change("UPDATE users SET is_active = false, subject = 'nobody' WHERE subject = 'gone'");
    let link = invited(&app, &mut anna, "tom@example.com", "clerk").await;
    let mut tom = app.browser();
    let page = sign_in_for(&mut tom, &link, TOM).await;
    let page = accept(&mut tom, &page, &link).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text("h1"), "This account can’t join a team");
    // Who is switched off gets no further than the sign-in; switched off in between, no further
    // than the button.
    let link = invited(&app, &mut anna, NOBODYS_ADDRESS, "clerk").await;
    let page = sign_in_for(&mut app.browser(), &link, NOBODY).await;
    assert_eq!(page.text("h1"), "You have no access yet");
    app.change("UPDATE users SET subject = 'gone' WHERE subject = 'nobody'");
    let mut nobody = app.browser();
    let page = sign_in_for(&mut nobody, &link, NOBODY).await;
    app.change("UPDATE users SET subject = 'nobody' WHERE subject = 'gone'");
    let page = accept(&mut nobody, &page, &link).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.text("h1"), "This account can’t join a team");
    assert_eq!(app.count("memberships WHERE role = 'clerk'"), 2, "Carla, and who is gone");
    assert_eq!(app.count("invitations WHERE ended_at IS NULL"), 2);
}

#[actix_web::test]
async fn sec_15_the_token_of_an_invitation_is_kept_only_until_its_mail_has_left() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 451 }));
    invite(&mut anna, TEAM, NOBODYS_ADDRESS, "clerk").await;
    app.until("the mail is put off", async || {
        app.count("mails WHERE attempts = 1 AND state = 'ready'") == 1
    })
    .await;
    let told = anna.get(TEAM).await.text("#invitations");
    assert!(
        told.contains("Delayed, we keep trying") && told.contains("Refused, as told"),
        "{told}"
    );
    assert_eq!(app.count("invitations WHERE token_encrypted IS NOT NULL"), 1);

    app.mailbox.set_reply(None);
    app.later(Duration::minutes(2)).await;
    let link = link_to(&app, NOBODYS_ADDRESS, 1).await;
    app.mails_settle().await;
    assert_eq!(app.count("invitations WHERE token_encrypted IS NOT NULL"), 0);
    assert!(anna.get(TEAM).await.text("#invitations").contains("Sent"));
    let token = link.trim_start_matches("/invitations/");
    for table in ["invitations", "mails", "audit_log"] {
        assert_eq!(app.count(&format!("{table} t WHERE t::text LIKE '%{token}%'")), 0, "{table}");
    }
}

#[actix_web::test]
async fn sec_15_a_refused_invitation_says_so_and_can_be_sent_again() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    app.mailbox.set_reply(Some(SmtpReply::Refuse { to: None, code: 550 }));
    invite(&mut anna, TEAM, NOBODYS_ADDRESS, "clerk").await;
    app.until("the refusal is known", async || app.count("mails WHERE state = 'failed'") == 1)
        .await;
    let page = anna.get(TEAM).await;
    let told = page.text("#invitations");
    assert!(told.contains("Not delivered") && told.contains("Refused, as told"), "{told}");
    app.mailbox.set_reply(None);
    let resend = page.attribute("form[action$='/resend']", "action");
    let done = anna.submit(&page, &resend, &[], "").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let link = link_to(&app, NOBODYS_ADDRESS, 1).await;
    assert_eq!(app.browser().get(&link).await.status, StatusCode::OK);
    assert_eq!(app.count("invitations WHERE end_reason = 'replaced'"), 1);
}

#[actix_web::test]
async fn an_invitation_has_one_green_button_in_the_readers_language() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let date = regex::Regex::new(r"Valid until: .*").unwrap();
    for (lang, subject) in [
        ("en", "Ceramiche Bellini invites you to its team on Central"),
        ("it", "Ceramiche Bellini ti invita nel suo team su Central"),
        ("es", "Ceramiche Bellini te invita a su equipo en Central"),
        ("fr", "Ceramiche Bellini vous invite dans son équipe sur Central"),
    ] {
        let email = format!("{lang}@example.com");
        let form = anna.get(&format!("{TEAM}/invitations/new")).await;
        let fields = [("email", email.as_str()), ("role", "clerk"), ("language", lang)];
        anna.submit(&form, &format!("{TEAM}/invitations"), &fields, "").await;
        let link = link_to(&app, &email, 1).await;
        let mail = app.mailbox.wait_for(&email, 1).await.remove(0);
        assert_eq!(mail.subject, subject);
        assert_eq!(mail.header("Content-Language").as_deref(), Some(lang));
        let html = scraper::Html::parse_document(mail.html.as_deref().unwrap());
        let button = scraper::Selector::parse("td[bgcolor='#0b7a3b'] a").unwrap();
        let buttons: Vec<_> = html.select(&button).filter_map(|a| a.attr("href")).collect();
        assert_eq!(buttons, [format!("{}{link}", app.base)]);
        if lang == "en" {
            let text = mail.text.unwrap().replace(&link, "/invitations/«token»");
            assert_snapshot!(settled(&date.replace(&text, "Valid until: «moment»")));
        }
    }
}

#[actix_web::test]
async fn sec_16_a_team_has_at_most_twenty_open_invitations_and_thirty_a_day() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for n in 1..20 {
        app.invitation(&format!("p{n}@example.com"), app.world.first);
    }
    let done = invite(&mut anna, TEAM, "p20@example.com", "clerk").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = invite(&mut anna, TEAM, "p21@example.com", "clerk").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text(".errors").contains("20 invitations are open"), "{}", page.text(".errors"));
    let done = invite(&mut anna, TEAM, "P20@example.com", "manager").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "one gives way to its own address");

    app.change(
        "UPDATE invitations SET ended_at = now(), end_reason = 'withdrawn', token_encrypted = NULL",
    );
    app.change("UPDATE invitations SET created_at = now() - interval '1 hour'");
    for n in 1..10 {
        app.invitation(&format!("q{n}@example.com"), app.world.first);
    }
    app.change("UPDATE invitations SET created_at = now() - interval '1 hour'");
    let page = invite(&mut anna, TEAM, "q10@example.com", "clerk").await;
    assert!(page.text(".errors").contains("30 invitations were sent"), "{}", page.text("main"));
    let page = anna.get(TEAM).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_wrong_invitation_comes_back_with_all_that_was_typed() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let page = invite(&mut anna, TEAM, "no address", "emperor").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attribute("#email", "value"), "no address");
    assert_eq!(
        page.texts(".errors li"),
        ["No email can be sent to this address: check it", "Choose a role"]
    );
    assert_eq!(page.attribute("option[selected]", "value"), "it", "the merchant's language");
    assert_eq!(app.count("invitations"), 0);
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
    for route in central::server::routes().listing() {
        let is_merchants = matches!(
            route.audience,
            central::web::Audience::Merchant(_) | central::web::Audience::Api(_)
        );
        assert_eq!(told.contains(&route.path.to_owned()), is_merchants, "{}", route.path);
    }
}

#[actix_web::test]
async fn sec_04_who_signs_out_leaves_no_identity_behind_that_an_invitation_could_use() {
    let app = TestApp::start().await;
    let mut sofia = app.sign_in(SOFIA).await;
    let team = format!("/merchants/{}/team", app.world.first);
    // Bruno has a merchant of his own: he is let in at once, and waits as himself.
    app.change(&format!(
        "DELETE FROM memberships m USING users u WHERE u.id = m.user_id AND u.subject = 'bruno' AND m.merchant_id = '{}'",
        app.world.first
    ));
    invite(&mut sofia, &team, "bruno@example.com", "clerk").await;
    let link = link_to(&app, "bruno@example.com", 1).await;
    let mut bruno = app.browser();
    let page = sign_in_for(&mut bruno, &link, BRUNO).await;
    assert!(page.text("main").contains("bruno@example.com"), "{}", page.text("main"));
    // Every way in which his sessions end closes this door too.
    let mut cloned = bruno.clone();
    app.change("UPDATE sessions SET ended_at = now() WHERE ended_at IS NULL");
    let page = cloned.get(&link).await;
    assert!(!page.text("main").contains("bruno@example.com"), "the page asks to sign in");
    let mut again = app.browser();
    let page = sign_in_for(&mut again, &link, BRUNO).await;
    let out = again.get("/").await;
    let home = again.follow(out).await;
    again.submit(&home, "/sign-out", &[], "").await;
    assert_eq!(app.count("sign_in_transactions WHERE identity_encrypted IS NOT NULL AND used_at > (SELECT max(created_at) FROM sessions)"), 0);
    let late = accept(&mut again, &page, &link).await;
    assert_ne!(late.status, StatusCode::OK);
    assert_eq!(app.count("sessions WHERE ended_at IS NULL AND user_id = (SELECT id FROM users WHERE subject = 'bruno')"), 0);
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
async fn sec_15_an_address_gets_three_invitations_a_day_and_they_keep_no_customer_from_a_request() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    for _ in 0..3 {
        let page = invite(&mut anna, TEAM, CUSTOMER, "clerk").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text("main"));
    }
    let page = invite(&mut anna, TEAM, CUSTOMER, "clerk").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("main").contains("3 invitations went to this address in 24 hours"));
    let counted =
        app.texts(&format!("SELECT mails_to('{CUSTOMER}', now() - interval '1 day')::text"));
    assert_eq!(counted, ["0"], "the cap over all merchants is about payments");
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

#[actix_web::test]
async fn sec_19_a_name_of_the_providers_is_one_line_without_hidden_characters() {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let link = invited(&app, &mut anna, NOBODYS_ADDRESS, "clerk").await;
    let mut person = people().into_iter().find(|person| person.subject == NOBODY).unwrap();
    person.name = "Nobody\r\nPay here: https://evil.example\u{202e}".to_owned();
    app.idp.add_person(person);
    let mut nobody = app.browser();
    let page = sign_in_for(&mut nobody, &link, NOBODY).await;
    accept(&mut nobody, &page, &link).await;
    let names = app.texts("SELECT name FROM users WHERE subject = 'nobody'");
    assert_eq!(names, [NOBODYS_ADDRESS], "the address stands in for it");
}

#[actix_web::test]
async fn sec_23_an_identity_that_comes_for_an_invitation_leaves_a_row_and_a_switched_off_one_no_entry()
 {
    let app = TestApp::start().await;
    let mut anna = app.sign_in(ANNA).await;
    let link = invited(&app, &mut anna, NOBODYS_ADDRESS, "clerk").await;
    sign_in_for(&mut app.browser(), &link, NOBODY).await;
    let came = "audit_log WHERE action = 'sign_in' AND after->>'reason' LIKE 'not known yet%'";
    assert_eq!(app.count(came), 1);
    app.change("UPDATE users SET is_active = false WHERE subject = 'aldo'");
    let page = sign_in_for(&mut app.browser(), &link, ALDO).await;
    assert_eq!(page.text("h1"), "You have no access yet");
    let refused = "audit_log WHERE action = 'sign_in' AND after->>'reason' = 'nobody of ours'";
    assert_eq!(app.count(refused), 1);
}
