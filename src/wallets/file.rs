//! The catalogue's file: CSV in UTF-8, its first line the names of the columns.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};

use super::model::{Wallet, Ways};
use crate::kernel::{Country, Currency, Money, Texts};

/// The longest file.
pub const BYTES_MAX: usize = 64 * 1024;
const WALLETS_MAX: usize = 200;
const CODE_CHARS_MAX: usize = 32;
const NAME_CHARS_MAX: usize = 40;
/// Faults that are told of one file.
const FAULTS_TOLD: usize = 20;

/// The names of the columns, in the order in which the file is written.
const COLUMNS: [&str; 7] = ["wallet", "name", "country", "currency", "smallest", "largest", "way"];

/// Reads a file.
///
/// # Errors
/// What is wrong with it, in words that name the lines.
pub fn read(content: &str, t: &Texts) -> Result<Vec<Wallet>, Vec<String>> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(content.as_bytes());
    let head = reader.headers().cloned().unwrap_or_default();
    let places: Vec<Option<usize>> = COLUMNS.iter().map(|name| place(&head, name)).collect();
    let missing: Vec<&str> =
        COLUMNS.iter().zip(&places).filter(|(_, at)| at.is_none()).map(|(name, _)| *name).collect();
    if !missing.is_empty() {
        return Err(vec![t.msg_wallet_fault_columns(missing.join(", "))]);
    }
    let places: Vec<usize> = places.into_iter().flatten().collect();
    let (mut wallets, mut faults) = (Vec::<Wallet>::new(), Vec::new());
    let mut known: HashMap<String, u64> = HashMap::new();
    for record in reader.records() {
        let Ok(record) = record else { return Err(vec![t.msg_wallet_fault_text()]) };
        let line = record.position().map_or(0, csv::Position::line);
        let cells = Cells { record: &record, places: &places };
        match cells.wallet(t) {
            Ok(wallet) => {
                if let Some(first) = known.insert(wallet.code.clone(), line) {
                    faults.push(t.msg_wallet_fault_twice(line, wallet.code.as_str(), first));
                }
                wallets.push(wallet);
            }
            Err(words) => faults.push(t.msg_wallet_fault_line(line, words)),
        }
    }
    if wallets.is_empty() && faults.is_empty() {
        faults.push(t.msg_wallet_fault_none());
    }
    if wallets.len() > WALLETS_MAX {
        faults.push(t.msg_wallet_fault_many(WALLETS_MAX));
    }
    faults.truncate(FAULTS_TOLD);
    if faults.is_empty() { Ok(wallets) } else { Err(faults) }
}

fn place(head: &StringRecord, name: &str) -> Option<usize> {
    head.iter()
        .position(|cell| cell.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name))
}

/// The cells of a line, in the order of [`COLUMNS`].
struct Cells<'a> {
    record: &'a StringRecord,
    places: &'a [usize],
}

impl Cells<'_> {
    fn cell(&self, column: usize) -> &str {
        self.places.get(column).and_then(|at| self.record.get(*at)).unwrap_or_default().trim()
    }

    /// # Errors
    /// The first thing that is wrong.
    fn wallet(&self, t: &Texts) -> Result<Wallet, String> {
        let (code, name) = (self.cell(0), self.cell(1));
        let is_code = (1..=CODE_CHARS_MAX).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !is_code {
            return Err(t.msg_wallet_fault_code(CODE_CHARS_MAX));
        }
        if !(1..=NAME_CHARS_MAX).contains(&name.chars().count())
            || name.chars().any(char::is_control)
        {
            return Err(t.msg_wallet_fault_name(NAME_CHARS_MAX));
        }
        let country =
            Country::parse(self.cell(2)).ok_or_else(|| t.msg_wallet_fault_country(self.cell(2)))?;
        let currency = Currency::parse(&self.cell(3).to_uppercase())
            .ok_or_else(|| t.msg_wallet_fault_currency(self.cell(3)))?;
        let (smallest, largest) =
            (bound(self.cell(4), currency, t)?, bound(self.cell(5), currency, t)?);
        if let (Some(smallest), Some(largest)) = (&smallest, &largest)
            && smallest.minor > largest.minor
        {
            return Err(t.msg_wallet_fault_bounds());
        }
        let ways = Ways::parse(self.cell(6)).ok_or_else(|| t.msg_wallet_fault_way(self.cell(6)))?;
        Ok(Wallet {
            code: code.to_owned(),
            name: name.to_owned(),
            country,
            currency,
            smallest,
            largest,
            ways,
        })
    }
}

fn bound(typed: &str, currency: Currency, t: &Texts) -> Result<Option<Money>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    Money::parse(typed, currency)
        .map(Some)
        .map_err(|_| t.msg_wallet_fault_amount(typed, currency.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::wallets::queries::FIRST;

    fn read(content: &str) -> Result<Vec<Wallet>, Vec<String>> {
        super::read(content, Lang::En.texts())
    }

    const HEAD: &str = "wallet,name,country,currency,smallest,largest,way\n";

    #[test]
    fn the_one_that_the_program_brings_along_has_the_wallets_that_were_promised() {
        let wallets = read(FIRST).unwrap();
        for name in
            ["Alipay", "AlipayHK", "DANA", "GCash", "Kakao Pay", "Touch 'n Go eWallet", "TrueMoney"]
        {
            assert!(wallets.iter().any(|wallet| wallet.name == name), "{name}");
        }
        assert!(wallets.windows(2).all(|two| two[0].code < two[1].code), "in order, each once");
    }

    #[test]
    fn columns_stand_in_any_order_and_bounds_are_amounts_of_the_wallets_currency() {
        let text = "\u{feff}Name,WAY,wallet,country,currency,largest,smallest,note\n\
                    GCash,redirect qr,gcash,ph,php,\"50,000.00\",0.01,x\n";
        let wallets = read(text).unwrap();
        assert_eq!(wallets.len(), 1);
        let wallet = &wallets[0];
        assert_eq!((wallet.code.as_str(), wallet.ways), ("gcash", Ways::Both));
        assert_eq!(wallet.smallest.map(|money| money.minor), Some(1));
        assert_eq!(wallet.largest.map(|money| money.minor), Some(5_000_000));
        assert_eq!(wallet.country_name(Lang::Fr), "Philippines");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, words) in [
            ("", "way"),
            ("wallet,name\na,b\n", "country, currency, smallest, largest, way"),
            (HEAD, "no wallet"),
            (&format!("{HEAD}A b,X,CN,CNY,,,qr\n"), "Line 2"),
            (&format!("{HEAD}a,,CN,CNY,,,qr\n"), "Line 2"),
            (&format!("{HEAD}a,X,XX,CNY,,,qr\n"), "XX"),
            (&format!("{HEAD}a,X,CN,ABC,,,qr\n"), "ABC"),
            (&format!("{HEAD}a,X,CN,CNY,1.234,,qr\n"), "1.234"),
            (&format!("{HEAD}a,X,CN,CNY,5,4,qr\n"), "Line 2"),
            (&format!("{HEAD}a,X,CN,CNY,,,nfc\n"), "nfc"),
            (&format!("{HEAD}a,X,CN,CNY,,,qr\n\nb,Y,CN,CNY,,,qr\na,Z,CN,CNY,,,qr\n"), "Line 5"),
        ] {
            let faults = read(text).unwrap_err();
            assert!(faults[0].contains(words), "{text:?}: {faults:?}");
        }
        let many: Vec<String> = (0..201).map(|n| format!("w{n},X,CN,CNY,,,qr")).collect();
        assert!(read(&format!("{HEAD}{}", many.join("\n"))).unwrap_err()[0].contains("200"));
        let faulty = "a,X,XX,CNY,,,qr\n".repeat(50);
        assert_eq!(read(&format!("{HEAD}{faulty}")).unwrap_err().len(), FAULTS_TOLD);
    }
}
