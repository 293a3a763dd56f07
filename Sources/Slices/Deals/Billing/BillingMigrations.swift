internal import Database
internal import Records

/// Numbers 540 to 579.
let billingMigrations: [Migration] = [
    Migration(number: 540, name: "invoices") { dialect in
        let (record, end) = (record(dialect), end(dialect))
        return [
            """
            CREATE TABLE invoices (\(record),
                kind TEXT NOT NULL, client_id TEXT NOT NULL, status TEXT NOT NULL, number TEXT, sequence INTEGER,
                items TEXT NOT NULL, credits TEXT NOT NULL, currency TEXT NOT NULL, tax TEXT,
                subtotal_amount INTEGER NOT NULL CHECK (subtotal_amount >= 0), subtotal_currency TEXT NOT NULL,
                tax_amount_amount INTEGER NOT NULL CHECK (tax_amount_amount >= 0), tax_amount_currency TEXT NOT NULL,
                total_amount INTEGER NOT NULL CHECK (total_amount = subtotal_amount + tax_amount_amount),
                total_currency TEXT NOT NULL,
                paid_amount INTEGER NOT NULL CHECK (paid_amount >= 0), paid_currency TEXT NOT NULL,
                credited_amount INTEGER NOT NULL CHECK (credited_amount BETWEEN 0 AND total_amount),
                credited_currency TEXT NOT NULL,
                due_amount INTEGER NOT NULL CHECK (due_amount >= 0), due_currency TEXT NOT NULL,
                owed_amount INTEGER NOT NULL CHECK (owed_amount >= 0), owed_currency TEXT NOT NULL,
                due_on TEXT, issued_on TEXT, sent_at INTEGER, paid_at INTEGER, voided_at INTEGER,
                subscription_id TEXT, period TEXT, credit_of TEXT, notes TEXT, locale TEXT, public_url TEXT,
                file_id TEXT, reminders INTEGER NOT NULL, parties TEXT, number_key TEXT,
                CHECK ((status = 'draft') = (sequence IS NULL))\(end)
            """,
            "CREATE UNIQUE INDEX invoices_sequence ON invoices (tenant_id, sequence) WHERE sequence IS NOT NULL",
            """
            CREATE UNIQUE INDEX invoices_period ON invoices (tenant_id, subscription_id, period)
            WHERE subscription_id IS NOT NULL
            """,
            "CREATE INDEX invoices_client ON invoices (tenant_id, client_id, id)",
            "CREATE INDEX invoices_status ON invoices (tenant_id, status, id)",
            "CREATE INDEX invoices_number ON invoices (tenant_id, number_key) WHERE number_key IS NOT NULL",
            "CREATE INDEX invoices_credit ON invoices (tenant_id, credit_of) WHERE credit_of IS NOT NULL",
            """
            CREATE TABLE invoice_sequences (
                tenant_id TEXT NOT NULL, series TEXT NOT NULL, last INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, series)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE credits (\(record),
                client_id TEXT NOT NULL, amount_amount INTEGER NOT NULL CHECK (amount_amount > 0),
                amount_currency TEXT NOT NULL,
                rest_amount INTEGER NOT NULL CHECK (rest_amount BETWEEN 0 AND amount_amount), rest_currency TEXT NOT NULL,
                reason TEXT NOT NULL, expires_on TEXT\(end)
            """,
            "CREATE INDEX credits_client ON credits (tenant_id, client_id, id)",
        ]
    },
    Migration(number: 541, name: "payments") { dialect in
        let (record, end) = (record(dialect), end(dialect))
        return [
            """
            CREATE TABLE payments (\(record),
                invoice_id TEXT, meant_for TEXT, amount_amount INTEGER NOT NULL CHECK (amount_amount > 0),
                amount_currency TEXT NOT NULL, method TEXT NOT NULL, status TEXT NOT NULL, reference TEXT, payer TEXT,
                received_on TEXT NOT NULL,
                refunded_amount INTEGER NOT NULL CHECK (refunded_amount BETWEEN 0 AND amount_amount),
                refunded_currency TEXT NOT NULL,
                refunding_amount INTEGER NOT NULL CHECK (refunding_amount >= 0), refunding_currency TEXT NOT NULL,
                integration_id TEXT, checkout_session TEXT, payment_intent TEXT, import_key TEXT,
                CHECK ((status = 'unapplied') = (invoice_id IS NULL) OR refunded_amount > 0)\(end)
            """,
            "CREATE INDEX payments_invoice ON payments (tenant_id, invoice_id, id) WHERE invoice_id IS NOT NULL",
            "CREATE INDEX payments_status ON payments (tenant_id, status, id)",
            """
            CREATE UNIQUE INDEX payments_session ON payments (tenant_id, checkout_session)
            WHERE checkout_session IS NOT NULL
            """,
            """
            CREATE UNIQUE INDEX payments_intent ON payments (tenant_id, payment_intent)
            WHERE payment_intent IS NOT NULL
            """,
            "CREATE UNIQUE INDEX payments_import ON payments (tenant_id, import_key) WHERE import_key IS NOT NULL",
            """
            CREATE TABLE refunds (
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, payment_id TEXT NOT NULL,
                amount INTEGER NOT NULL CHECK (amount > 0), status TEXT NOT NULL, reason TEXT, external_id TEXT,
                created_at INTEGER NOT NULL, settled_at INTEGER,
                PRIMARY KEY (tenant_id, id)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX refunds_payment ON refunds (tenant_id, payment_id)",
            """
            CREATE TABLE checkouts (
                tenant_id TEXT NOT NULL, id TEXT NOT NULL, invoice_id TEXT NOT NULL, integration_id TEXT NOT NULL,
                amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL, status TEXT NOT NULL,
                session TEXT, url TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
                PRIMARY KEY (tenant_id, id)
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE UNIQUE INDEX checkouts_open ON checkouts (tenant_id, invoice_id) WHERE status IN ('new', 'open')
            """,
            "CREATE INDEX checkouts_session ON checkouts (tenant_id, session) WHERE session IS NOT NULL",
        ]
    },
    Migration(number: 542, name: "subscriptions") { dialect in
        [
            """
            CREATE TABLE subscriptions (\(record(dialect)),
                client_id TEXT NOT NULL, contract_id TEXT, package_id TEXT, description TEXT NOT NULL,
                price_amount INTEGER NOT NULL CHECK (price_amount >= 0), price_currency TEXT NOT NULL,
                starts_on TEXT NOT NULL, billing_day INTEGER NOT NULL CHECK (billing_day BETWEEN 1 AND 31),
                months INTEGER, status TEXT NOT NULL, next_invoice_on TEXT, cancel_at TEXT, invoiced INTEGER NOT NULL,
                month INTEGER NOT NULL\(end(dialect))
            """,
            "CREATE INDEX subscriptions_client ON subscriptions (tenant_id, client_id, id)",
            "CREATE INDEX subscriptions_status ON subscriptions (tenant_id, status, id)",
            """
            CREATE UNIQUE INDEX subscriptions_contract ON subscriptions (tenant_id, contract_id)
            WHERE contract_id IS NOT NULL
            """,
        ]
    },
    Migration(number: 543, name: "the mails of invoices") { _ in
        Invoice.resource.addition(in: 543)
    },
    Migration(number: 1040, name: "credits that were taken back") { _ in
        ServiceCredit.resource.addition(in: 1040)
    },
]

private func record(_ dialect: Dialect) -> String {
    """
    \(dialect.identity()),
        tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    """
}

private func end(_ dialect: Dialect) -> String {
    ",\n    \(dialect.key("tenant_id, id"))\n) \(dialect.tableOptions)"
}
