//! The only way into a team: from the mail over the provider to the button.

use insta::assert_snapshot;

use super::*;

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
