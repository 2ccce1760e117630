//! Views, which `diesel print-schema` does not tell apart from tables: written by hand, compared with
//! the database by `tests/it/schema.rs`.

diesel::table! {
    /// Email payments as the list, its filters, its totals and its files read them: the rows of the
    /// transaction's one tenant, without what opens pay links. Conditions reach the indexes here,
    /// which under row-level security those on texts don't (docs/decisions/0011).
    email_payments_list (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        originator_id -> Uuid,
        created_by -> Uuid,
        order_id -> Text,
        amount_minor -> Int8,
        refunded_minor -> Int8,
        currency -> Text,
        customer_email -> Text,
        customer_name -> Text,
        description -> Text,
        message -> Text,
        language -> Text,
        status -> Text,
        end_reason -> Nullable<Text>,
        is_late -> Bool,
        delivery -> Nullable<Text>,
        last_result_code -> Nullable<Text>,
        payment_method -> Nullable<Text>,
        attempts -> Int4,
        sends -> Int4,
        last_sent_at -> Nullable<Timestamptz>,
        first_opened_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        paid_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        /// Folded (no case, no accents): order ID, address, name and description with newlines
        /// between them. Compare it with `LIKE '%' || folded_literally(…) || '%'`.
        search_text -> Text,
        send_at -> Nullable<Timestamptz>,
        send_hindrance -> Nullable<Text>,
        replaced_by -> Nullable<Uuid>,
        delivery_answer -> Nullable<Text>,
        opens -> Int4,
        last_opened_at -> Nullable<Timestamptz>,
        scanner_visits -> Int4,
        capture_before -> Nullable<Timestamptz>,
        is_link_only -> Bool,
    }
}

diesel::table! {
    /// Transactions as the list, its filters, its totals and its files read them: the rows of the
    /// transaction's one tenant.
    transactions_list (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        originator_id -> Uuid,
        provider -> Text,
        channel -> Text,
        operation -> Text,
        status -> Text,
        amount_minor -> Int8,
        currency -> Text,
        method -> Text,
        network -> Text,
        result_code -> Text,
        gateway_transaction_id -> Text,
        /// Empty where it follows none.
        reference_id -> Text,
        email_payment_id -> Nullable<Uuid>,
        is_test -> Bool,
        occurred_at -> Timestamptz,
        order_id -> Text,
        customer_name -> Text,
        customer_email -> Text,
        card_number_masked -> Text,
        ip_address -> Text,
        country -> Text,
        asked_by -> Nullable<Uuid>,
        /// Folded: number, order ID, address, name, masked card, reference and IP address, with
        /// newlines between them.
        search_text -> Text,
    }
}

diesel::define_sql_function! {
    /// A text without case and accents.
    fn folded(words: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

diesel::define_sql_function! {
    /// The same as a pattern for `LIKE` that means nothing but itself.
    fn folded_literally(words: diesel::sql_types::Text) -> diesel::sql_types::Text;
}
