//! Processing > Email Payments: from the form to the money, and who may do what.

use openidconnect::reqwest::StatusCode;

use crate::support::*;

#[actix_web::test]
async fn a_payment_is_created_mailed_paid_and_seen_as_paid() {
    let app = TestApp::start().await;
    let (mut anna, mut customer) = (app.sign_in(ANNA).await, app.browser());
    let request = app.request(&mut anna, &[("amount", "1.830,00")]).await;
    assert!(anna.get(&request.url).await.text("main").contains("Awaiting payment"));

    let page = customer.opens(&request.link).await;
    let paid = customer.pays(&page, GOOD_CARD).await;
    let result = customer.goes_back(&paid).await;
    assert_eq!(result.text("h1"), "Pagato");

    let list = anna.get(LIST).await;
    assert_eq!(list.texts("td.amount, td.o3 .status"), ["1,830.00 EUR", "Paid"]);
    let mails = app.mailbox.wait_for(CUSTOMER, 2).await;
    assert!(mails[0].subject.contains("1.830,00\u{a0}€ ricevuto"), "{}", mails[0].subject);
}

#[actix_web::test]
async fn sec_11_a_clerk_sees_and_changes_only_her_own() {
    let app = TestApp::start().await;
    let (mut anna, mut carla) = (app.sign_in(ANNA).await, app.sign_in(CARLA).await);
    let annas = anna.creates_email_payment(&[], "draft").await;
    let carlas = carla.creates_email_payment(&[], "draft").await;

    assert_eq!(carla.get(LIST).await.texts("tbody tr").len(), 1);
    assert_eq!(anna.get(LIST).await.texts("tbody tr").len(), 2);
    assert_eq!(carla.get(&carlas).await.status, StatusCode::OK);
    let offered = async |user: &mut Browser| {
        user.get(&format!("{LIST}?filters=open")).await.texts("input[name='created_by'] + label")
    };
    assert_eq!(offered(&mut carla).await.len(), 1, "nobody's name but hers");
    assert!(offered(&mut anna).await.len() > 1);
    for page in ["", "/edit", "/cancellation", "/resend", "/mail"] {
        let answer = carla.get(&format!("{annas}{page}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
    }
    let form = carla.get(&format!("{carlas}/cancellation")).await;
    let fields = form.form(&format!("{carlas}/cancellation"));
    let token = fields.iter().find(|(name, _)| name == "_csrf").unwrap();
    let foreign = carla.post(&format!("{annas}/cancellation"), &[("_csrf", &token.1)]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(app.field(&annas, "status"), "draft");
}

#[actix_web::test]
async fn sec_11_an_accountant_sees_everything_and_changes_nothing() {
    let app = TestApp::start().await;
    let (mut anna, mut aldo) = (app.sign_in(ANNA).await, app.sign_in(ALDO).await);
    let url = anna.creates_email_payment(&[], "draft").await;

    let list = aldo.get(LIST).await;
    assert_eq!(list.texts("tbody tr").len(), 1);
    assert!(!list.has("main a[href$='/new']") && !list.has("td.act a"));
    let detail = aldo.get(&url).await;
    assert_eq!(detail.status, StatusCode::OK);
    let acts = detail.texts("main .actions a:not([href^='/support/'])");
    assert!(acts.is_empty(), "asking support is all there is: {acts:?}");

    let fields = list.form("/sign-out");
    let token = fields[0].1.as_str();
    for path in [NEW, &format!("{url}/edit"), &format!("{url}/cancellation")] {
        assert_eq!(aldo.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in [LIST, &format!("{url}/edit"), &format!("{url}/cancellation")] {
        let fields: &[(&str, &str)] = if path.ends_with("cancellation") {
            &[("_csrf", token)]
        } else {
            &[("_csrf", token), ("action", "send")]
        };
        assert_eq!(aldo.post(path, fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(app.count("email_payments WHERE status = 'draft'"), 1);
}

#[actix_web::test]
async fn sec_11_a_payment_of_another_merchant_is_not_found() {
    let app = TestApp::start().await;
    let (mut anna, mut bruno) = (app.sign_in(ANNA).await, app.sign_in(BRUNO).await);
    bruno.works_for(&app.world.second).await;
    let request = app.request(&mut anna, &[]).await;
    for page in ["", "/mail", "/resend", "/cancellation", "/edit"] {
        let theirs = bruno.get(&format!("{}{page}", request.url)).await;
        let nobodys = bruno.get(&format!("{LIST}/{}{page}", uuid::Uuid::nil())).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{page}");
        assert_eq!((nobodys.status, theirs.text("h1")), (theirs.status, nobodys.text("h1")));
    }
    assert_eq!(anna.get(&format!("{LIST}/nonsense")).await.status, StatusCode::NOT_FOUND);
}
