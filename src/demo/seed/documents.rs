//! Accounting documents of the last six months, as the platform would have published them: an invoice
//! and a payout statement each month, and a few that need somebody.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use diesel::PgConnection;

use super::Seed;
use crate::auth::SystemScope;
use crate::auth::audit::{Actor, By};
use crate::documents::publishing::{
    Kind, NewDocument, Pdf, Published, Source, State, Writer, move_state, publish,
};
use crate::kernel::{Currency, DocumentId, Error, Lang, MerchantId, Money, dates};
use crate::store::Kept;

/// Months that have documents; the last one's invoice waits for payment.
const MONTHS: u32 = 6;

/// Publishes the documents of one merchant.
pub fn add(
    conn: &mut PgConnection,
    seed: &Seed,
    merchant_id: MerchantId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let currency = Currency::parse(seed.currency).unwrap_or(Currency::EUR);
    let this_month = now.date_naive().with_day(1).unwrap_or(now.date_naive());
    let area = Area { seed, merchant_id, currency };
    for back in (1..=MONTHS).rev() {
        let Some(first) = this_month.checked_sub_months(Months::new(back)) else { continue };
        let last = first.checked_add_months(Months::new(1)).unwrap_or(first) - Days::new(1);
        let days = Month { first, last, back };
        let minor = 824_016 + 17_311 * i64::from(back) * i64::from(first.month());
        let invoice = area.publish(conn, &days, Kind::Invoice, "FT", minor)?;
        area.publish(conn, &days, Kind::PayoutStatement, "AC", minor)?;
        match back {
            1 => {
                let note = area.publish(conn, &days, Kind::CreditNote, "NC", -1_830)?;
                let why = area.words(
                    "Importo in verifica con il circuito",
                    "Importe en revisión con la red",
                    "Montant en cours de vérification avec le réseau",
                    "The amount is being checked with the network",
                );
                area.move_to(conn, &days, note, State::BlockedReview, why)?;
            }
            2 => {
                area.publish(conn, &days, Kind::HoldbackStatement, "TR", minor / 20)?;
                let why = area.words(
                    "Manca l'IBAN",
                    "Falta el IBAN",
                    "Il manque l'IBAN",
                    "The IBAN is missing",
                );
                area.move_to(conn, &days, invoice, State::BlockedMissingInformation, why)?;
            }
            _ => area.move_to(conn, &days, invoice, State::Paid, "SEPA")?,
        }
    }
    Ok(())
}

struct Month {
    first: NaiveDate,
    last: NaiveDate,
    /// How many months ago.
    back: u32,
}

struct Area<'a> {
    seed: &'a Seed,
    merchant_id: MerchantId,
    currency: Currency,
}

impl Area<'_> {
    fn words(
        &self,
        it: &'static str,
        es: &'static str,
        fr: &'static str,
        en: &'static str,
    ) -> &'static str {
        match self.seed.language {
            Lang::It => it,
            Lang::Es => es,
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    fn writer(month: &Month, days: u64) -> Writer {
        let at = (month.last + Days::new(days)).and_time(chrono::NaiveTime::MIN).and_utc();
        let now = at + chrono::Duration::hours(8);
        Writer { by: By::other(Actor::System), user_id: None, program: None, now }
    }

    fn publish(
        &self,
        conn: &mut PgConnection,
        month: &Month,
        kind: Kind,
        prefix: &str,
        minor: i64,
    ) -> Result<DocumentId, Error> {
        let number = format!("{prefix}-{}-{}", self.seed.prefix, month.first.format("%Y-%m"));
        let new = NewDocument {
            kind,
            provider: String::new(),
            number,
            period_from: month.first,
            period_until: month.last,
            issued_on: month.last + Days::new(2),
            due_on: (!kind.is_statement()).then(|| month.last + Days::new(16)),
            total: Money::new(minor, self.currency),
            corrects: None,
            source: Source::PeriodEnd,
        };
        let pdf = Pdf::read(self.pdf(&new)).map_err(|_| Error::internal("no PDF"))?;
        let kept = Kept::for_postgres(self.merchant_id, pdf.into_bytes())?;
        let scope = SystemScope::found(self.merchant_id).into();
        match publish(conn, scope, &Self::writer(month, 2), &new, &kept)? {
            Published::New(document) | Published::Same(document) => Ok(document.id),
            Published::Refused(refusal) => Err(Error::internal(format!("{refusal:?}"))),
        }
    }

    fn move_to(
        &self,
        conn: &mut PgConnection,
        month: &Month,
        id: DocumentId,
        state: State,
        reason: &str,
    ) -> Result<(), Error> {
        let scope = SystemScope::found(self.merchant_id).into();
        // Not later than now.
        let writer = Self::writer(month, if month.back == 1 { 3 } else { 12 });
        move_state(conn, scope, &writer, id, state, reason)
    }

    /// A sheet with what the document says, in the letters that every reader of PDFs has.
    fn pdf(&self, new: &NewDocument) -> Vec<u8> {
        let lang = self.seed.language;
        let total = new.total;
        let plain = |text: String| -> String {
            let kept = |c: char| if c.is_ascii() && !"()\\".contains(c) { c } else { ' ' };
            text.chars().map(kept).collect()
        };
        let lines = [
            self.seed.legal_name.to_owned(),
            format!("{} {}", new.kind.as_str().replace('_', " "), new.number),
            format!("{} / {}", new.period_from, new.period_until),
            dates::plain_day(new.issued_on, lang),
            format!("{} {}", total.number(lang), total.currency),
        ];
        let shown: Vec<String> =
            lines.into_iter().map(|line| format!("({}) Tj T*", plain(line))).collect();
        let text = format!("BT /F1 14 Tf 72 760 Td 22 TL {} ET", shown.join(" "));
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R >> >> >>"
                .to_owned(),
            format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        ];
        let (mut pdf, mut places) = ("%PDF-1.4\n".to_owned(), Vec::new());
        for (place, object) in objects.iter().enumerate() {
            places.push(pdf.len());
            let _ = write!(pdf, "{} 0 obj\n{object}\nendobj\n", place + 1);
        }
        let start = pdf.len();
        let table: Vec<String> =
            places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
        let _ = write!(
            pdf,
            "xref\n0 6\n0000000000 65535 f \n{}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
            table.concat()
        );
        pdf.into_bytes()
    }
}
