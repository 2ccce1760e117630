//! A row of the audit in the reader's words.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::actions;
use super::filter::Filter;
use super::queries::Row;
use crate::auth::audit::Actor;
use crate::auth::{MerchantRole, StaffRole};
use crate::kernel::{Currency, Lang, Money, Texts, dates};
use crate::web::{Shell, rights};

/// Whose words, and whose clock.
#[derive(Clone, Copy)]
pub struct Reader {
    pub t: &'static Texts,
    pub lang: Lang,
    pub zone: Tz,
}

/// One field that was changed, or one that says more.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub label: String,
    /// Empty where there was nothing before, or nothing was changed.
    pub before: String,
    pub after: String,
}

impl Reader {
    /// Who reads a page.
    pub fn of(shell: &Shell) -> Self {
        Self { t: shell.t, lang: shell.lang, zone: shell.zone }
    }

    /// What narrows the list: each parameter in words. `person` is the chosen person's name.
    pub fn filter_words(
        self,
        filter: &Filter,
        person: Option<String>,
    ) -> Vec<(&'static str, String)> {
        let t = self.t;
        let outcome =
            |is_done| if is_done { t.msg_activity_done() } else { t.msg_activity_refused() };
        let words = [
            ("from", filter.from.map(|day| t.msg_chip_from(dates::plain_day(day, self.lang)))),
            ("to", filter.to.map(|day| t.msg_chip_to(dates::plain_day(day, self.lang)))),
            ("kind", filter.group.map(|group| group.words(t))),
            ("person", person),
            ("outcome", filter.is_done.map(outcome)),
        ];
        words.into_iter().filter_map(|(name, words)| Some((name, words?))).collect()
    }

    /// The person's name; else what kind of somebody it was.
    pub fn who(self, row: &Row) -> String {
        let t = self.t;
        match (&row.user_name, row.actor) {
            (Some(name), _) => name.clone(),
            (None, Actor::User) => t.msg_activity_actor_user(),
            (None, Actor::Customer) => t.msg_activity_actor_customer(),
            (None, Actor::Gateway) => t.msg_activity_actor_gateway(),
            (None, Actor::Clock) => t.msg_activity_actor_clock(),
            (None, Actor::System) => t.msg_activity_actor_system(),
            (None, Actor::Operator) => t.msg_activity_actor_operator(),
        }
    }

    /// The role that the person had when it happened; empty where none was known.
    pub fn role(self, row: &Row) -> String {
        let Some(word) = row.user_role.as_deref() else { return String::new() };
        let merchants = MerchantRole::parse(word).map(|role| rights::merchant_role(self.t, role));
        let staff = || StaffRole::parse(word).map(|role| rights::staff_role(self.t, role));
        merchants.or_else(staff).unwrap_or_else(|| word.to_owned())
    }

    /// What happened, as a sentence; the raw word where it has none.
    pub fn what(self, row: &Row) -> String {
        actions::find(&row.action)
            .map_or_else(|| row.action.clone(), |action| action.sentence(row.is_done, self.t))
    }

    pub fn outcome(self, row: &Row) -> String {
        if row.is_done { self.t.msg_activity_done() } else { self.t.msg_activity_refused() }
    }

    /// Why it was refused, or the words that were given with it; empty without.
    pub fn reason(self, row: &Row) -> String {
        let t = self.t;
        match row.after.as_ref().and_then(|after| after.get("reason")).and_then(Value::as_str) {
            None => String::new(),
            Some("the role lacks the right") => t.msg_activity_reason_right(),
            Some("the form is not one of this session's") => t.msg_activity_reason_form(),
            Some("the provider ended its session") => t.msg_activity_reason_provider(),
            Some("staff without a second factor") => t.msg_activity_reason_factor(),
            Some(other) => other.to_owned(),
        }
    }

    pub fn machine(self, row: &Row) -> String {
        dates::machine(row.at, self.zone)
    }

    /// The fields before and after, those first that say most.
    pub fn fields(self, row: &Row) -> Vec<Field> {
        let (before, after) = (self.values(row.before.as_ref()), self.values(row.after.as_ref()));
        let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let value = |values: &Map<String, Value>, key: &str| {
            values.get(key).map(|value| self.value(key, value)).unwrap_or_default()
        };
        keys.into_iter()
            .filter(|key| key.as_str() != "reason")
            .map(|key| Field {
                label: self.label(key),
                before: value(&before, key),
                after: value(&after, key),
            })
            .filter(|field| field.before != field.after)
            .collect()
    }

    /// The fields in one line, for a cell.
    pub fn line(self, row: &Row) -> String {
        let words = self.fields(row).into_iter().map(|field| {
            let Field { label, before, after } = field;
            if before.is_empty() {
                format!("{label}: {after}")
            } else {
                format!("{label}: {before} → {after}")
            }
        });
        words.collect::<Vec<_>>().join("; ")
    }

    /// The fields of an object: amounts with their currency, a method with its address, instants by the
    /// reader's clock.
    fn values(self, object: Option<&Value>) -> Map<String, Value> {
        let mut values = object.and_then(Value::as_object).cloned().unwrap_or_default();
        values.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
        let currency = values.get("currency").and_then(Value::as_str).and_then(Currency::parse);
        let mut has_money = false;
        for (key, value) in &mut values {
            if let Some((minor, currency)) = value.as_i64().zip(currency)
                && key.ends_with("_minor")
            {
                *value = Money::new(minor, currency).with_code(self.lang).into();
                has_money = true;
            }
            let instant = value.as_str().filter(|_| key.ends_with("_at"));
            if let Some(at) = instant.and_then(|at| at.parse().ok()) {
                *value = dates::full(at, self.zone, self.lang).into();
            }
        }
        if has_money {
            values.remove("currency");
        }
        if let Some(route) = values.get("route").and_then(Value::as_str).map(str::to_owned) {
            let method = values.remove("method");
            let method = method.as_ref().and_then(Value::as_str).unwrap_or_default();
            values.insert("route".to_owned(), format!("{method} {route}").into());
        }
        values
    }

    fn label(self, key: &str) -> String {
        let t = self.t;
        match key {
            "status" => t.msg_col_status(),
            "amount_minor" => t.msg_col_amount(),
            "order_id" => t.msg_form_order_id(),
            "number" => t.msg_doc_col_number(),
            "kind" => t.msg_doc_col_kind(),
            "state" => t.msg_doc_col_state(),
            "total_minor" => t.msg_doc_col_total(),
            "source" => t.msg_doc_source(),
            "provider" => t.msg_statement_provider(),
            "wallets" => t.msg_wallet_count(),
            "rhythm" => t.msg_cond_rhythm(),
            "legal_name" => t.msg_prov_legal_name(),
            "address" => t.msg_prov_address(),
            "tax_number" => t.msg_prov_tax_number(),
            "valid_from" => t.msg_cond_from(),
            "percent_bp" => t.msg_activity_field_percent_bp(),
            "per_sale_minor" => t.msg_activity_field_per_sale(),
            "per_refund_minor" => t.msg_activity_field_per_refund(),
            "per_chargeback_minor" => t.msg_activity_field_per_chargeback(),
            "tax_bp" => t.msg_activity_field_tax_bp(),
            "holdback_bp" => t.msg_activity_field_holdback_bp(),
            "holdback_days" => t.msg_cond_holdback_days(),
            "due_days" => t.msg_cond_due_days(),
            "gateway_transaction_id" => t.msg_activity_field_transaction(),
            "result_code" => t.msg_activity_field_result_code(),
            "originator" => t.msg_form_originator(),
            "confirmation" => t.msg_activity_field_confirmation(),
            "feature" => t.msg_activity_field_feature(),
            "difference" => t.msg_activity_field_difference(),
            "takes_effect_at" => t.msg_activity_field_takes_effect_at(),
            "is_taken_back" => t.msg_activity_field_taken_back(),
            "sender_name" => t.msg_confirm_sender(),
            "displayed_name" => t.msg_paypage_displayed_name(),
            "colour" => t.msg_paypage_colour(),
            "logo" => t.msg_paypage_logo(),
            "support" => t.msg_paypage_support(),
            "terms_url" => t.msg_paypage_terms(),
            "must_accept_terms" => t.msg_paypage_must_accept(),
            "attempts_max" => t.msg_paypage_attempts(),
            "valid_days" => t.msg_paypage_validity(),
            "success_text" => t.msg_confirm_success(),
            "failure_text" => t.msg_confirm_failure(),
            "is_on" => t.msg_activity_field_is_on(),
            "is_address_corrected" => t.msg_activity_field_address_corrected(),
            "is_renewed" => t.msg_activity_field_renewed(),
            "route" => t.msg_activity_field_route(),
            "rows" => t.msg_activity_field_rows(),
            "totals" => t.msg_activity_field_totals(),
            "format" => t.msg_exports_col_file(),
            "sha256" => "SHA-256".to_owned(),
            "sessions" => t.msg_activity_field_sessions(),
            "filter" => t.msg_activity_field_filter(),
            "role" => t.msg_activity_role(),
            "language" => t.msg_display_language(),
            "scopes" => t.msg_activity_field_scopes(),
            "expires_at" => t.msg_activity_field_expires_at(),
            "send_at" => t.msg_activity_field_send_at(),
            "due_at" => t.msg_activity_field_due_at(),
            "program" => t.msg_activity_field_program(),
            "is_shared" => t.msg_activity_field_is_shared(),
            "notice" => t.msg_activity_field_notice(),
            "of_user" => t.msg_activity_field_of_user(),
            "success_manager" => t.msg_activity_field_success_manager(),
            "languages" => t.msg_activity_field_languages(),
            "hours" => t.msg_activity_field_hours(),
            "time_zone" => t.msg_profile_zone(),
            "side" => t.msg_activity_field_side(),
            other if other.starts_with("mail_text_") => {
                t.msg_paypage_mail_text_in(Self::language_of(other).name())
            }
            other if other.starts_with("page_text_") => {
                t.msg_paypage_page_text_in(Self::language_of(other).name())
            }
            other => other.replace('_', " "),
        }
    }

    /// The language of a key that ends in one.
    fn language_of(key: &str) -> Lang {
        key.rsplit('_').next().and_then(Lang::parse).unwrap_or(Lang::En)
    }

    fn value(self, key: &str, value: &Value) -> String {
        let t = self.t;
        match (key, value) {
            (_, Value::Bool(true)) => t.msg_activity_yes(),
            ("notice", Value::String(word)) if word == "document_created" => {
                t.msg_notice_document()
            }
            ("confirmation", Value::String(word)) if word == "success" => t.msg_confirm_success(),
            ("confirmation", Value::String(word)) if word == "failure" => t.msg_confirm_failure(),
            ("feature", Value::String(word)) if word == "email_payments" => {
                t.msg_feature_email_payments()
            }
            ("difference", Value::String(word)) => match word.as_str() {
                "missing" => t.msg_recon_missing(),
                "amount" => t.msg_recon_amount(),
                "twice" => t.msg_recon_twice(),
                "unexpected" => t.msg_recon_unexpected(),
                "refunds" => t.msg_recon_refunds(),
                "unreadable" => t.msg_recon_unreadable(),
                other => other.to_owned(),
            },
            ("feature", Value::String(word)) if word == "card" => t.msg_feature_card(),
            ("feature", Value::String(word)) if word == "alipay_plus" => {
                t.msg_feature_alipay_plus()
            }
            ("role", Value::String(word)) => match MerchantRole::parse(word) {
                Some(role) => rights::merchant_role(t, role),
                None => word.clone(),
            },
            (_, Value::Bool(false)) => t.msg_activity_no(),
            ("status", Value::String(word)) => match word.as_str() {
                "draft" => t.msg_status_draft(),
                "scheduled" => t.msg_status_scheduled(),
                "authorised" => t.msg_status_authorised(),
                "open" => t.msg_status_open(),
                "processing" => t.msg_status_processing(),
                "paid" => t.msg_status_paid(),
                "expired" => t.msg_status_expired(),
                "cancelled" => t.msg_status_cancelled(),
                "failed" => t.msg_status_failed(),
                other => other.to_owned(),
            },
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const IN_ITALIAN: fn() -> Reader =
        || Reader { t: Lang::It.texts(), lang: Lang::It, zone: chrono_tz::Europe::Rome };

    fn row(action: &str, before: Value, after: Value) -> Row {
        Row {
            id: 1,
            at: "2026-11-27T10:00:00Z".parse().unwrap(),
            actor: Actor::User,
            user_id: None,
            user_name: None,
            user_role: Some("owner".to_owned()),
            origin: None,
            action: action.to_owned(),
            object_id: None,
            is_done: true,
            before: Some(before),
            after: Some(after),
            request_id: None,
        }
    }

    #[test]
    fn fields_read_before_and_after_and_what_did_not_change_is_left_out() {
        let row = row(
            "email_payment.edit",
            json!({ "order_id": "A-1", "amount_minor": 4_500, "currency": "EUR", "status": "open" }),
            json!({ "order_id": "A-1", "amount_minor": 9_900, "currency": "EUR", "status": "cancelled", "brand": null }),
        );
        let line = IN_ITALIAN().line(&row);
        assert_eq!(line, "Importo: 45,00\u{a0}EUR → 99,00\u{a0}EUR; Stato: In attesa → Annullato");
    }

    #[test]
    fn amounts_have_their_currency_and_instants_the_readers_clock() {
        let row = row(
            "document.publish",
            json!({}),
            json!({ "total_minor": 31_244, "currency": "EUR", "expires_at": "2026-12-07T22:59:59Z" }),
        );
        let line = IN_ITALIAN().line(&row);
        assert!(line.contains("7 dic 2026, 23:59") && line.contains("312,44\u{a0}EUR"), "{line}");
    }

    #[test]
    fn a_word_that_is_not_known_is_shown_as_it_is() {
        let row = row("thing.done", json!({}), json!({ "new_field": 3, "reason": "because" }));
        let reader = IN_ITALIAN();
        assert_eq!(reader.what(&row), "thing.done");
        assert_eq!(reader.line(&row), "new field: 3");
        assert_eq!(reader.reason(&row), "because");
        assert_eq!(reader.role(&row), reader.t.msg_role_owner());
    }
}
