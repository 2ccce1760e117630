//! `central document publish`: puts an accounting document into a merchant's area, exactly as the page
//! and the API do.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::admin::{Failure, finish, parse_merchant, run};
use super::in_runtime;
use crate::auth::SystemScope;
use crate::auth::audit::{Actor, By};
use crate::config;
use crate::documents::publishing::{
    Pdf, PublishForm, Published, Refusal, Source, Unit, Writer, merchant_zone, refusal_words,
};
use crate::kernel::{Clock, Lang};
use crate::store::Store;

#[derive(Subcommand)]
pub enum DocumentCommand {
    /// Publishes a PDF and prints the document's id; the same number and file again print the same.
    Publish(Publish),
}

#[derive(clap::Args)]
pub struct Publish {
    #[arg(long)]
    merchant: String,
    /// invoice, `credit_note`, `payout_statement` or `holdback_statement`.
    #[arg(long = "type")]
    kind: String,
    /// Not used before for this merchant and provider.
    #[arg(long)]
    number: String,
    /// The financial provider whose money it tells about.
    #[arg(long, default_value = "")]
    provider: String,
    /// First and last day, such as 2026-10-01/2026-10-31.
    #[arg(long)]
    period: String,
    /// Today where it is not given.
    #[arg(long, default_value = "")]
    issued: String,
    #[arg(long, default_value = "")]
    due: String,
    /// ISO 4217, three letters.
    #[arg(long)]
    currency: String,
    /// What the merchant is to receive, in minor units; negative where it is to pay.
    #[arg(long, allow_hyphen_values = true)]
    total_minor: String,
    /// The number of the document of the same provider that this one corrects.
    #[arg(long, default_value = "")]
    corrects: String,
    #[arg(long)]
    file: PathBuf,
}

pub fn document(command: DocumentCommand) -> ExitCode {
    let DocumentCommand::Publish(publish) = command;
    in_runtime(async { finish(publish.run().await) })
}

impl Publish {
    async fn run(self) -> Result<String, Failure> {
        let merchant_id = parse_merchant(&self.merchant)?;
        let (from, until) = self.period.split_once('/').ok_or_else(|| {
            Failure::Input("--period has to be two days such as 2026-10-01/2026-10-31".to_owned())
        })?;
        let form = PublishForm {
            kind: self.kind.clone(),
            provider: self.provider.clone(),
            number: self.number.clone(),
            period_from: from.to_owned(),
            period_until: until.to_owned(),
            issued_on: self.issued.clone(),
            due_on: self.due.clone(),
            currency: self.currency.clone(),
            total: self.total_minor.clone(),
            unit: Unit::Minor,
            corrects: self.corrects.clone(),
        };
        let (t, now) = (Lang::En.texts(), Clock::system().now());
        // An operator at the database: whatever merchant they name.
        let scope = SystemScope::found(merchant_id);
        let zone = run(&scope.tenants(), |conn| merchant_zone(conn, scope.into()))?;
        let today = now.with_timezone(&zone).date_naive();
        let meant = form.validate(Source::Command, today, t).map_err(|faults| {
            let lines = faults.each().map(|(field, words)| format!("{}: {words}", option(field)));
            Failure::Input(lines.collect::<Vec<_>>().join("\n"))
        })?;
        meant.refusal().map_or(Ok(()), |refusal| Err(refused(refusal)))?;
        let bytes = std::fs::read(&self.file).map_err(|error| {
            Failure::Input(format!("{} can't be read: {error}", self.file.display()))
        })?;
        let pdf = Pdf::read(bytes).map_err(refused)?;
        let store = Store::new(&config::documents_from_env()?)?;
        let kept = store.keep(merchant_id, pdf.into_bytes()).await?;
        let writer = Writer { by: By::other(Actor::Operator), user_id: None, program: None, now };
        let published =
            run(&scope.tenants(), |conn| meant.publish(conn, scope.into(), &writer, &kept))?;
        match published {
            Published::New(document) | Published::Same(document) => Ok(document.id.to_string()),
            Published::Refused(refusal) => Err(refused(refusal)),
        }
    }
}

/// The option that a field of the form is on the command line.
fn option(field: &str) -> &'static str {
    match field {
        "kind" => "--type",
        "provider" => "--provider",
        "number" => "--number",
        "issued_on" => "--issued",
        "due_on" => "--due",
        "currency" => "--currency",
        "total" => "--total-minor",
        "corrects" => "--corrects",
        "file" => "--file",
        _ => "--period",
    }
}

fn refused(refusal: Refusal) -> Failure {
    let (field, words) = refusal_words(refusal, Lang::En.texts());
    Failure::Input(format!("{}: {words}", option(field)))
}
