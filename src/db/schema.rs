// @generated automatically by Diesel CLI.

diesel::table! {
    access_tokens (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        name -> Text,
        token_hash -> Bytea,
        scopes -> Array<Nullable<Text>>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    api_answers (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        key -> Text,
        method -> Text,
        path -> Text,
        body_hash -> Bytea,
        status -> Int4,
        location -> Nullable<Text>,
        answer_encrypted -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    audit_log (at, id) {
        id -> Int8,
        at -> Timestamptz,
        actor -> Text,
        user_id -> Nullable<Uuid>,
        user_role -> Nullable<Text>,
        session_id -> Nullable<Uuid>,
        origin -> Nullable<Text>,
        merchant_id -> Nullable<Uuid>,
        action -> Text,
        object_id -> Nullable<Uuid>,
        is_done -> Bool,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    bulk_action_rows (merchant_id, bulk_action_id, number) {
        merchant_id -> Uuid,
        bulk_action_id -> Uuid,
        number -> Int4,
        email_payment_id -> Uuid,
        state -> Text,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    bulk_actions (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        act -> Text,
        created_by -> Uuid,
        created_at -> Timestamptz,
        filter -> Text,
        filter_words -> Array<Nullable<Text>>,
        reason -> Text,
        rows -> Int4,
        state -> Text,
        next_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    canned_answers (id) {
        id -> Uuid,
        language -> Text,
        title -> Text,
        text -> Text,
        changed_by -> Uuid,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    collected_days (merchant_id, day, currency, channel, change) {
        merchant_id -> Uuid,
        day -> Date,
        currency -> Text,
        channel -> Text,
        change -> Int8,
        count -> Int8,
        amount_minor -> Int8,
    }
}

diesel::table! {
    conditions (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        provider -> Text,
        currency -> Text,
        valid_from -> Date,
        percent_bp -> Int4,
        per_sale_minor -> Int8,
        per_refund_minor -> Int8,
        per_chargeback_minor -> Int8,
        tax_bp -> Int4,
        holdback_bp -> Int4,
        holdback_days -> Int4,
        due_days -> Int4,
        reason -> Text,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    confirmation_switches (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        originator_id -> Uuid,
        confirmation -> Text,
        is_on -> Bool,
        reason -> Nullable<Text>,
        switched_by -> Uuid,
        switched_at -> Timestamptz,
    }
}

diesel::table! {
    confirmation_texts (merchant_id, originator_id, language) {
        merchant_id -> Uuid,
        originator_id -> Uuid,
        language -> Text,
        sender_name -> Text,
        success_text -> Text,
        failure_text -> Text,
        changed_by -> Uuid,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    document_counts (merchant_id, kind) {
        merchant_id -> Uuid,
        kind -> Text,
        documents -> Int8,
    }
}

diesel::table! {
    document_read_counts (merchant_id, user_id) {
        merchant_id -> Uuid,
        user_id -> Uuid,
        documents -> Int8,
    }
}

diesel::table! {
    document_reads (merchant_id, user_id, document_id) {
        merchant_id -> Uuid,
        user_id -> Uuid,
        document_id -> Uuid,
        read_at -> Timestamptz,
    }
}

diesel::table! {
    document_states (merchant_id, document_id, id) {
        merchant_id -> Uuid,
        document_id -> Uuid,
        id -> Uuid,
        state -> Text,
        reason -> Text,
        user_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    documents (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        provider -> Text,
        number -> Text,
        period_from -> Date,
        period_until -> Date,
        issued_on -> Date,
        due_on -> Nullable<Date>,
        currency -> Text,
        total_minor -> Int8,
        state -> Text,
        state_at -> Timestamptz,
        corrects -> Nullable<Uuid>,
        sha256 -> Bytea,
        size_bytes -> Int8,
        source -> Text,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    email_changes (id) {
        id -> Uuid,
        user_id -> Uuid,
        old_email -> Text,
        new_email -> Text,
        old_token_hash -> Bytea,
        new_token_hash -> Bytea,
        old_token_encrypted -> Nullable<Bytea>,
        new_token_encrypted -> Nullable<Bytea>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        old_confirmed_at -> Nullable<Timestamptz>,
        new_confirmed_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    email_payment_days (merchant_id, currency, day, status, change) {
        merchant_id -> Uuid,
        currency -> Text,
        day -> Date,
        status -> Text,
        change -> Int8,
        count -> Int8,
        amount_minor -> Int8,
        refunded_minor -> Int8,
    }
}

diesel::table! {
    email_payment_events (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        email_payment_id -> Uuid,
        kind -> Text,
        from_status -> Nullable<Text>,
        to_status -> Nullable<Text>,
        actor -> Text,
        user_id -> Nullable<Uuid>,
        details -> Jsonb,
        at -> Timestamptz,
    }
}

diesel::table! {
    email_payment_reminders (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        email_payment_id -> Uuid,
        kind -> Text,
        days -> Nullable<Int4>,
        due_at -> Nullable<Timestamptz>,
        state -> Text,
        reason -> Nullable<Text>,
        created_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    email_payments (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        originator_id -> Uuid,
        created_by -> Uuid,
        order_id -> Text,
        amount_minor -> Int8,
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
        pay_token_hash -> Nullable<Bytea>,
        pay_token_encrypted -> Nullable<Bytea>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        paid_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        refunded_minor -> Int8,
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
    exports (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        list -> Text,
        format -> Text,
        file_name -> Text,
        heads -> Array<Nullable<Text>>,
        language -> Text,
        time_zone -> Text,
        filter -> Text,
        filter_words -> Array<Nullable<Text>>,
        state -> Text,
        started_at -> Timestamptz,
        as_of -> Nullable<Timestamptz>,
        progress_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        rows -> Int8,
        rows_total -> Nullable<Int8>,
        bytes -> Int8,
        sha256 -> Nullable<Bytea>,
        stop_asked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    feature_switches (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        feature -> Text,
        is_on -> Bool,
        takes_effect_at -> Timestamptz,
        reason -> Nullable<Text>,
        takes_back -> Nullable<Uuid>,
        switched_by -> Uuid,
        switched_at -> Timestamptz,
    }
}

diesel::table! {
    gateway_accounts (merchant_id, originator_id) {
        merchant_id -> Uuid,
        originator_id -> Uuid,
        told -> Nullable<Jsonb>,
        told_at -> Nullable<Timestamptz>,
        changed_at -> Nullable<Timestamptz>,
        failed_at -> Nullable<Timestamptz>,
        next_at -> Timestamptz,
    }
}

diesel::table! {
    gateway_sessions (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        email_payment_id -> Uuid,
        merchant_token_hash -> Bytea,
        merchant_token_encrypted -> Bytea,
        customer_token_encrypted -> Bytea,
        callback_key_hash -> Bytea,
        prepared_at -> Timestamptz,
        expires_at -> Timestamptz,
        is_current -> Bool,
        next_check_at -> Nullable<Timestamptz>,
        checks -> Int4,
    }
}

diesel::table! {
    hand_overs (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        from_id -> Nullable<Uuid>,
        to_id -> Uuid,
        by_id -> Uuid,
        reason -> Nullable<Text>,
        at -> Timestamptz,
        together -> Nullable<Int4>,
    }
}

diesel::table! {
    holdbacks (merchant_id, kept_by) {
        merchant_id -> Uuid,
        kept_by -> Uuid,
        provider -> Text,
        currency -> Text,
        amount_minor -> Int8,
        release_on -> Date,
        released_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    idempotency_keys (session_id, key) {
        session_id -> Uuid,
        key -> Uuid,
        result -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    import_rows (merchant_id, import_id, number) {
        merchant_id -> Uuid,
        import_id -> Uuid,
        number -> Int4,
        typed -> Nullable<Jsonb>,
        state -> Text,
        reason -> Nullable<Text>,
        email_payment_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    imports (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        created_by -> Uuid,
        created_at -> Timestamptz,
        file_name -> Text,
        file_hash -> Bytea,
        rows -> Int4,
        unknown_columns -> Array<Nullable<Text>>,
        originator_id -> Nullable<Uuid>,
        currency -> Text,
        language -> Text,
        valid_days -> Int4,
        with_repeats -> Bool,
        state -> Text,
        confirmed_by -> Nullable<Uuid>,
        confirmed_at -> Nullable<Timestamptz>,
        starts_at -> Nullable<Timestamptz>,
        next_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        forgotten_at -> Nullable<Timestamptz>,
        usual_validity -> Bool,
    }
}

diesel::table! {
    invitations (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        email -> Text,
        role -> Text,
        language -> Text,
        token_hash -> Bytea,
        token_encrypted -> Nullable<Bytea>,
        invited_by -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    kept_forms (id) {
        id -> Uuid,
        user_id -> Uuid,
        body_encrypted -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    list_layouts (user_id, list) {
        user_id -> Uuid,
        list -> Text,
        column_keys -> Array<Nullable<Text>>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    invoice_numbers (provider, year) {
        provider -> Text,
        year -> Int4,
        last -> Int8,
    }
}

diesel::table! {
    mails (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        email_payment_id -> Nullable<Uuid>,
        kind -> Text,
        recipient -> Text,
        language -> Text,
        state -> Text,
        run_at -> Timestamptz,
        attempts -> Int4,
        claim_id -> Nullable<Uuid>,
        lease_until -> Nullable<Timestamptz>,
        answer -> Nullable<Text>,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        invitation_id -> Nullable<Uuid>,
        notice_id -> Nullable<Uuid>,
        ticket_message_id -> Nullable<Uuid>,
        email_change_id -> Nullable<Uuid>,
        hand_over_id -> Nullable<Uuid>,
        operation_request_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    memberships (merchant_id, user_id) {
        merchant_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    merchants (id) {
        id -> Uuid,
        name -> Text,
        legal_name -> Text,
        address -> Text,
        country -> Text,
        currency -> Text,
        language -> Text,
        time_zone -> Text,
        email -> Text,
        order_prefix -> Text,
        next_order_number -> Int8,
        created_at -> Timestamptz,
        statement_rhythm -> Text,
    }
}

diesel::table! {
    notices (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        kind -> Text,
        document_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        email_payment_id -> Nullable<Uuid>,
        permission_id -> Nullable<Uuid>,
        in_app -> Bool,
        read_at -> Nullable<Timestamptz>,
        digest_at -> Nullable<Timestamptz>,
        digest_id -> Nullable<Uuid>,
        ticket_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    notification_choices (merchant_id, user_id, kind) {
        merchant_id -> Uuid,
        user_id -> Uuid,
        kind -> Text,
        in_app -> Bool,
        at_once -> Bool,
        digest -> Bool,
        is_all -> Bool,
        at_once_stopped_at -> Nullable<Timestamptz>,
        digest_stopped_at -> Nullable<Timestamptz>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    notification_marks (name) {
        name -> Text,
        reached_at -> Timestamptz,
        reached_id -> Uuid,
    }
}

diesel::table! {
    notification_permissions (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        kind -> Text,
        reason -> Text,
        granted_by -> Uuid,
        granted_at -> Timestamptz,
        valid_until -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
        withdrawn_by -> Nullable<Uuid>,
        withdrawn_for -> Nullable<Text>,
    }
}

diesel::table! {
    notification_requests (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        user_id -> Uuid,
        kind -> Text,
        words -> Text,
        asked_at -> Timestamptz,
        answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
        answered_by -> Nullable<Uuid>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    object_pieces (merchant_id, sha256, number) {
        merchant_id -> Uuid,
        sha256 -> Bytea,
        number -> Int4,
        bytes -> Bytea,
    }
}

diesel::table! {
    objects (merchant_id, sha256) {
        merchant_id -> Uuid,
        sha256 -> Bytea,
        size_bytes -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    operation_requests (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        transaction_id -> Uuid,
        operation -> Text,
        amount_minor -> Int8,
        currency -> Text,
        reason -> Text,
        is_disputed -> Bool,
        state -> Text,
        asked_by -> Uuid,
        asked_at -> Timestamptz,
        decided_by -> Nullable<Uuid>,
        decided_at -> Nullable<Timestamptz>,
        sent_at -> Nullable<Timestamptz>,
        next_check_at -> Nullable<Timestamptz>,
        checks -> Int4,
        result_code -> Text,
        result_message -> Text,
        gateway_transaction_id -> Nullable<Text>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    originators (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        number -> Text,
        api_key_encrypted -> Bytea,
        currencies -> Array<Nullable<Text>>,
        attempts_max -> Int4,
        is_active -> Bool,
        created_at -> Timestamptz,
        provider -> Text,
        confirms_success -> Bool,
        confirms_failure -> Bool,
        valid_days -> Int4,
        is_page_set_up -> Bool,
    }
}

diesel::table! {
    page_logos (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        sha256 -> Bytea,
        size_bytes -> Int8,
        uploaded_by -> Uuid,
        uploaded_at -> Timestamptz,
    }
}

diesel::table! {
    page_settings (merchant_id, originator_id, version) {
        merchant_id -> Uuid,
        originator_id -> Uuid,
        version -> Int4,
        displayed_name -> Text,
        sender_name -> Text,
        colour -> Nullable<Text>,
        logo_id -> Nullable<Uuid>,
        terms_url -> Text,
        must_accept_terms -> Bool,
        support -> Text,
        attempts_max -> Int4,
        valid_days -> Int4,
        taken_back_from -> Nullable<Int4>,
        changed_by -> Uuid,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    page_texts (merchant_id, originator_id, version, language) {
        merchant_id -> Uuid,
        originator_id -> Uuid,
        version -> Int4,
        language -> Text,
        mail_text -> Text,
        page_text -> Text,
    }
}

diesel::table! {
    pay_link_visits (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        email_payment_id -> Uuid,
        at -> Timestamptz,
        kind -> Text,
        why -> Text,
    }
}

diesel::table! {
    payment_attempts (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        email_payment_id -> Uuid,
        gateway_transaction_id -> Text,
        status -> Text,
        operation -> Text,
        result_code -> Text,
        amount_minor -> Int8,
        currency -> Text,
        payment_method -> Text,
        card_brand -> Nullable<Text>,
        card_number_masked -> Nullable<Text>,
        is_test -> Bool,
        attempted_at -> Timestamptz,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    provider_logouts (jti) {
        jti -> Text,
        subject -> Nullable<Text>,
        provider_session -> Nullable<Text>,
        received_at -> Timestamptz,
    }
}

diesel::table! {
    providers (name) {
        name -> Text,
        legal_name -> Text,
        address -> Text,
        tax_number -> Text,
    }
}

diesel::table! {
    refund_limits (merchant_id, currency) {
        merchant_id -> Uuid,
        currency -> Text,
        above_minor -> Int8,
        set_by -> Uuid,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    saved_views (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        list -> Text,
        user_id -> Uuid,
        is_shared -> Bool,
        name -> Text,
        query -> Text,
        position -> Int4,
        created_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        key_hash -> Bytea,
        user_id -> Uuid,
        csrf_secret -> Bytea,
        state -> Jsonb,
        id_token_encrypted -> Bytea,
        provider_session -> Nullable<Text>,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        device -> Text,
        network -> Text,
        authenticated_at -> Nullable<Timestamptz>,
        began_at -> Timestamptz,
    }
}

diesel::table! {
    sign_in_transactions (id) {
        id -> Uuid,
        cookie_hash -> Bytea,
        state -> Text,
        nonce -> Text,
        pkce_verifier -> Text,
        return_to -> Text,
        created_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        expected_user_id -> Nullable<Uuid>,
        max_age_seconds -> Nullable<Int4>,
        is_silent -> Bool,
        identity_encrypted -> Nullable<Bytea>,
    }
}

diesel::table! {
    statement_numbers (year) {
        year -> Int4,
        last -> Int8,
    }
}

diesel::table! {
    statement_periods (merchant_id, period_from) {
        merchant_id -> Uuid,
        period_from -> Date,
        period_until -> Date,
        ends_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    statements (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        period_from -> Date,
        period_until -> Date,
        provider -> Text,
        currency -> Text,
        number -> Text,
        conditions_id -> Uuid,
        issued_on -> Date,
        due_on -> Date,
        statement_minor -> Int8,
        invoice_minor -> Int8,
        receive_minor -> Int8,
        content -> Jsonb,
        created_at -> Timestamptz,
        lease_until -> Nullable<Timestamptz>,
        tries -> Int4,
        document_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    success_manager_assignments (merchant_id, user_id) {
        merchant_id -> Uuid,
        user_id -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    ticket_files (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        ticket_id -> Uuid,
        message_id -> Uuid,
        name -> Text,
        sha256 -> Bytea,
        size_bytes -> Int8,
    }
}

diesel::table! {
    ticket_messages (merchant_id, id) {
        merchant_id -> Uuid,
        ticket_id -> Uuid,
        id -> Uuid,
        author_id -> Uuid,
        by_support -> Bool,
        text -> Text,
        at -> Timestamptz,
        form_id -> Uuid,
    }
}

diesel::table! {
    ticket_notes (merchant_id, ticket_id, id) {
        merchant_id -> Uuid,
        ticket_id -> Uuid,
        id -> Uuid,
        author_id -> Uuid,
        text -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    ticket_states (merchant_id, ticket_id, id) {
        merchant_id -> Uuid,
        ticket_id -> Uuid,
        id -> Uuid,
        state -> Text,
        user_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    ticket_watchers (merchant_id, ticket_id, user_id) {
        merchant_id -> Uuid,
        ticket_id -> Uuid,
        user_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    tickets (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        number -> Int8,
        category -> Text,
        priority -> Text,
        subject -> Text,
        phone -> Text,
        visibility -> Text,
        state -> Text,
        state_at -> Timestamptz,
        author_id -> Uuid,
        assignee_id -> Nullable<Uuid>,
        email_payment_id -> Nullable<Uuid>,
        follows -> Nullable<Uuid>,
        created_at -> Timestamptz,
        answered_at -> Timestamptz,
        first_answer_due_at -> Timestamptz,
        first_answered_at -> Nullable<Timestamptz>,
        solution_due_at -> Nullable<Timestamptz>,
        solution_left_seconds -> Nullable<Int4>,
        due_at -> Timestamptz,
        document_id -> Nullable<Uuid>,
        notice_id -> Nullable<Uuid>,
        transaction_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    transaction_days (merchant_id, day, currency, operation, status, is_test, change) {
        merchant_id -> Uuid,
        day -> Date,
        currency -> Text,
        operation -> Text,
        status -> Text,
        is_test -> Bool,
        change -> Int8,
        count -> Int8,
        amount_minor -> Int8,
    }
}

diesel::table! {
    transaction_differences (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        email_payment_id -> Nullable<Uuid>,
        originator_id -> Nullable<Uuid>,
        subject_id -> Uuid,
        expected_minor -> Int8,
        found_minor -> Int8,
        currency -> Nullable<Text>,
        state -> Text,
        found_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
        settled_by -> Nullable<Uuid>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    transaction_imports (merchant_id, originator_id, source) {
        merchant_id -> Uuid,
        originator_id -> Uuid,
        source -> Text,
        starts_at -> Timestamptz,
        read_until -> Timestamptz,
        round -> Nullable<Text>,
        round_at -> Nullable<Timestamptz>,
        round_until -> Nullable<Timestamptz>,
        hours_due_at -> Timestamptz,
        days_due_at -> Timestamptz,
        month_due_at -> Timestamptz,
        next_at -> Timestamptz,
        window_seconds -> Int4,
        rows -> Int8,
        last_from -> Nullable<Timestamptz>,
        last_until -> Nullable<Timestamptz>,
        succeeded_at -> Nullable<Timestamptz>,
        failures -> Int4,
        failure -> Nullable<Text>,
        failed_at -> Nullable<Timestamptz>,
        lease_until -> Nullable<Timestamptz>,
        compared_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    transactions (merchant_id, id) {
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
        result_code -> Text,
        gateway_transaction_id -> Text,
        reference_transaction_id -> Nullable<Text>,
        email_payment_id -> Nullable<Uuid>,
        is_test -> Bool,
        occurred_at -> Timestamptz,
        recorded_at -> Timestamptz,
        statement_id -> Nullable<Uuid>,
        order_id -> Text,
        customer_name -> Text,
        customer_email -> Text,
        network -> Text,
        card_number_masked -> Text,
        ip_address -> Text,
        country -> Text,
        descriptor -> Text,
        is_3d_secure -> Nullable<Bool>,
        asked_by -> Nullable<Uuid>,
        wallet_total_minor -> Nullable<Int8>,
        wallet_currency -> Nullable<Text>,
        exchange_rate -> Nullable<Text>,
    }
}

diesel::table! {
    unreadable_transactions (merchant_id, originator_id, told) {
        merchant_id -> Uuid,
        originator_id -> Uuid,
        told -> Text,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        issuer -> Text,
        subject -> Text,
        name -> Text,
        email -> Text,
        staff_role -> Nullable<Text>,
        is_active -> Bool,
        created_at -> Timestamptz,
        last_signed_in_at -> Nullable<Timestamptz>,
        language -> Nullable<Text>,
        spoken -> Array<Nullable<Text>>,
        hours -> Text,
        time_zone -> Nullable<Text>,
    }
}

diesel::table! {
    wallet_catalogues (id) {
        id -> Int8,
        content -> Text,
        wallets -> Int4,
        created_by -> Uuid,
        created_at -> Timestamptz,
        restores -> Nullable<Int8>,
    }
}

diesel::joinable!(access_tokens -> merchants (merchant_id));
diesel::joinable!(access_tokens -> users (user_id));
diesel::joinable!(api_answers -> merchants (merchant_id));
diesel::joinable!(bulk_actions -> merchants (merchant_id));
diesel::joinable!(bulk_actions -> users (created_by));
diesel::joinable!(canned_answers -> users (changed_by));
diesel::joinable!(conditions -> merchants (merchant_id));
diesel::joinable!(conditions -> providers (provider));
diesel::joinable!(conditions -> users (created_by));
diesel::joinable!(confirmation_switches -> merchants (merchant_id));
diesel::joinable!(confirmation_switches -> users (switched_by));
diesel::joinable!(confirmation_texts -> merchants (merchant_id));
diesel::joinable!(confirmation_texts -> users (changed_by));
diesel::joinable!(document_counts -> merchants (merchant_id));
diesel::joinable!(document_read_counts -> merchants (merchant_id));
diesel::joinable!(document_read_counts -> users (user_id));
diesel::joinable!(document_reads -> users (user_id));
diesel::joinable!(document_states -> users (user_id));
diesel::joinable!(documents -> merchants (merchant_id));
diesel::joinable!(documents -> users (created_by));
diesel::joinable!(email_changes -> users (user_id));
diesel::joinable!(email_payment_events -> users (user_id));
diesel::joinable!(email_payments -> merchants (merchant_id));
diesel::joinable!(email_payments -> users (created_by));
diesel::joinable!(exports -> merchants (merchant_id));
diesel::joinable!(exports -> users (user_id));
diesel::joinable!(feature_switches -> merchants (merchant_id));
diesel::joinable!(feature_switches -> users (switched_by));
diesel::joinable!(hand_overs -> merchants (merchant_id));
diesel::joinable!(holdbacks -> providers (provider));
diesel::joinable!(idempotency_keys -> sessions (session_id));
diesel::joinable!(imports -> merchants (merchant_id));
diesel::joinable!(invitations -> merchants (merchant_id));
diesel::joinable!(invitations -> users (invited_by));
diesel::joinable!(kept_forms -> users (user_id));
diesel::joinable!(list_layouts -> users (user_id));
diesel::joinable!(invoice_numbers -> providers (provider));
diesel::joinable!(mails -> email_changes (email_change_id));
diesel::joinable!(memberships -> merchants (merchant_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(notices -> merchants (merchant_id));
diesel::joinable!(notices -> users (user_id));
diesel::joinable!(notification_choices -> merchants (merchant_id));
diesel::joinable!(notification_choices -> users (user_id));
diesel::joinable!(notification_permissions -> merchants (merchant_id));
diesel::joinable!(notification_requests -> merchants (merchant_id));
diesel::joinable!(objects -> merchants (merchant_id));
diesel::joinable!(originators -> merchants (merchant_id));
diesel::joinable!(originators -> providers (provider));
diesel::joinable!(page_logos -> merchants (merchant_id));
diesel::joinable!(page_logos -> users (uploaded_by));
diesel::joinable!(page_settings -> merchants (merchant_id));
diesel::joinable!(page_settings -> users (changed_by));
diesel::joinable!(refund_limits -> merchants (merchant_id));
diesel::joinable!(refund_limits -> users (set_by));
diesel::joinable!(saved_views -> merchants (merchant_id));
diesel::joinable!(saved_views -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(sign_in_transactions -> users (expected_user_id));
diesel::joinable!(statement_periods -> merchants (merchant_id));
diesel::joinable!(statements -> providers (provider));
diesel::joinable!(success_manager_assignments -> merchants (merchant_id));
diesel::joinable!(success_manager_assignments -> users (user_id));
diesel::joinable!(ticket_messages -> users (author_id));
diesel::joinable!(ticket_notes -> users (author_id));
diesel::joinable!(ticket_states -> users (user_id));
diesel::joinable!(ticket_watchers -> users (user_id));
diesel::joinable!(tickets -> merchants (merchant_id));
diesel::joinable!(transaction_differences -> users (settled_by));
diesel::joinable!(transactions -> providers (provider));
diesel::joinable!(transactions -> users (asked_by));
diesel::joinable!(wallet_catalogues -> users (created_by));

diesel::allow_tables_to_appear_in_same_query!(
    access_tokens,
    api_answers,
    audit_log,
    bulk_action_rows,
    bulk_actions,
    canned_answers,
    collected_days,
    conditions,
    confirmation_switches,
    confirmation_texts,
    document_counts,
    document_read_counts,
    document_reads,
    document_states,
    documents,
    email_changes,
    email_payment_days,
    email_payment_events,
    email_payment_reminders,
    email_payments,
    exports,
    feature_switches,
    gateway_accounts,
    gateway_sessions,
    hand_overs,
    holdbacks,
    idempotency_keys,
    import_rows,
    imports,
    invitations,
    kept_forms,
    list_layouts,
    invoice_numbers,
    mails,
    memberships,
    merchants,
    notices,
    notification_choices,
    notification_marks,
    notification_permissions,
    notification_requests,
    object_pieces,
    objects,
    operation_requests,
    originators,
    page_logos,
    page_settings,
    page_texts,
    pay_link_visits,
    payment_attempts,
    provider_logouts,
    providers,
    refund_limits,
    saved_views,
    sessions,
    sign_in_transactions,
    statement_numbers,
    statement_periods,
    statements,
    success_manager_assignments,
    ticket_files,
    ticket_messages,
    ticket_notes,
    ticket_states,
    ticket_watchers,
    tickets,
    transaction_days,
    transaction_differences,
    transaction_imports,
    transactions,
    unreadable_transactions,
    users,
    wallet_catalogues,
);
