//! What the demo prints: addresses, accounts, what to try first.

use super::{Demo, seed};

/// To standard error: one sentence that says what is missing.
#[expect(clippy::print_stderr, reason = "the demo speaks to a terminal")]
pub fn complain(words: &str) {
    eprintln!("{words}");
}

/// What goes on, while it takes long.
#[expect(clippy::print_stdout, reason = "the demo speaks to a terminal")]
pub fn tell(words: &str) {
    println!("{words}");
}

#[expect(clippy::print_stdout, reason = "the demo speaks to a terminal")]
pub fn print(demo: &Demo) {
    let mut lines = vec![
        String::new(),
        format!(
            "Central runs, ready after {:.1} s. Ctrl-C ends everything; the next start keeps the data.",
            demo.seconds
        ),
        String::new(),
    ];
    let address = |offset| demo.address(offset);
    for (name, place) in [
        ("Central", address(0)),
        ("Mailbox", address(4)),
        ("Identity provider", address(1)),
        ("Payment page (Connect2Pay)", address(2)),
        ("Payment gateway API", address(3)),
        ("SMTP", format!("127.0.0.1:{}", demo.options.port + 5)),
        ("Health, readiness, metrics", format!("{}/healthz /readyz /metrics", address(6))),
        ("DATABASE_URL", demo.database_url.clone()),
        ("Data", demo.options.data_dir.display().to_string()),
    ] {
        lines.push(format!("  {name:<28}{place}"));
    }
    if let Some(note) = &demo.note {
        lines.push(format!("  {:<28}{note}", "Note"));
    }
    if !demo.options.no_seed {
        lines.extend(seeded(demo));
    }
    println!("{}", lines.join("\n"));
}

fn seeded(demo: &Demo) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        "Accounts (one click each on the identity provider's page, no password)".to_owned(),
    ];
    for person in seed::people() {
        lines.push(format!("  {:<28}{}", person.name, person.hint));
    }
    if demo.options.payments.is_some_and(|count| count > 0) {
        let (_, owner) = seed::OWNER_OF_BIGGEST;
        lines.push(format!(
            "  {owner} also owns {}, which has 5 % of the generated payments.",
            seed::BIGGEST
        ));
    }
    lines.extend([String::new(), "Originators at the gateway (number, API key)".to_owned()]);
    for account in seed::accounts(&demo.keep) {
        lines.push(format!("  {:<28}{}  {}", account.name, account.number, account.api_key));
    }
    lines.extend([
        String::new(),
        "Try first".to_owned(),
        format!("  1. Open {} and sign in as {}.", demo.address(0), "Paola Bellini"),
        "  2. New request: type an address and an amount, send.".to_owned(),
        format!("  3. Open {}: the customer's mail. Press the green button.", demo.address(4)),
        "  4. Pay with card 4111 1111 1111 1111, any future date, any three digits.".to_owned(),
        "  5. Back in Central the request is paid.".to_owned(),
        "  6. Settings, Team: invite a colleague; the mail is in the mailbox. Nina Conti has one already.".to_owned(),
        String::new(),
    ]);
    lines
}
