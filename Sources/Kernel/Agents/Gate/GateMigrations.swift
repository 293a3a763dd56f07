internal import Database

/// Numbers 815 to 821 are the gate's, and 803.
let gateMigrations: [Migration] = [
    Migration(number: 803, name: "calls that plans include", statements: includedTable),
    Migration(number: 815, name: "calls with what they were about", statements: callTables),
    Migration(number: 816, name: "use and quotas of connectors", statements: connectorTables),
    Migration(number: 817, name: "approvals of tools", statements: askedTools),
    Migration(number: 818, name: "who was refused of late", statements: attemptTables),
    Migration(number: 819, name: "the pace of connectors", statements: paceTables),
    Migration(number: 820, name: "what services told last, and the age of use") { _ in
        [
            "ALTER TABLE service_quotas ADD COLUMN told INTEGER",
            "CREATE INDEX effect_use_age ON effect_use (day)",
        ]
    },
    Migration(number: 821, name: "how calls fail", statements: errorTables),
]

/// Returns the table of the free calls of a connector in a month, which its first moment names.
private func includedTable(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE included_calls (
            tenant_id TEXT NOT NULL, connector TEXT NOT NULL, month INTEGER NOT NULL, taken INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, connector, month)
        ) \(dialect.keyedTableOptions)
        """
    ]
}

/// `tool_calls` anew, with the connector's client, campaign and subject, and with calls in doubt.
private func callTables(_ dialect: Dialect) -> [String] {
    let known = """
        tenant_id, id, key, attempt, round, tool, provider, agent, run_id, actor_type, actor_id, arguments_hash,
        state, result, result_hash, error, cost, tokens, duration, started_at, finished_at
        """
    return [
        """
        CREATE TABLE gate_calls (
            tenant_id TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, attempt INTEGER NOT NULL,
            round INTEGER NOT NULL, tool TEXT NOT NULL, provider TEXT NOT NULL, agent TEXT, run_id TEXT,
            actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, arguments_hash TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('held', 'succeeded', 'captured', 'observed', 'failed', 'abandoned', 'unknown')),
            result TEXT, result_hash TEXT, error TEXT,
            cost INTEGER NOT NULL, tokens INTEGER NOT NULL, duration INTEGER NOT NULL,
            started_at INTEGER NOT NULL, finished_at INTEGER,
            client_id TEXT, campaign_id TEXT, subject_type TEXT, subject_id TEXT, decision_id TEXT,
            bytes INTEGER NOT NULL DEFAULT 0, why_code TEXT, why_detail TEXT,
            PRIMARY KEY (tenant_id, id),
            CHECK ((state = 'held') = (finished_at IS NULL))
        ) \(dialect.keyedTableOptions)
        """,
        "INSERT INTO gate_calls (\(known)) SELECT \(known) FROM tool_calls",
        "DROP TABLE tool_calls",
        "ALTER TABLE gate_calls RENAME TO tool_calls",
        "CREATE UNIQUE INDEX tool_calls_attempt ON tool_calls (tenant_id, key, attempt)",
        """
        CREATE INDEX tool_calls_run ON tool_calls (tenant_id, run_id, tool, arguments_hash)
            WHERE run_id IS NOT NULL
        """,
        "CREATE INDEX tool_calls_tool ON tool_calls (tenant_id, tool, id)",
        "CREATE INDEX tool_calls_started ON tool_calls (tenant_id, started_at)",
        "CREATE INDEX tool_calls_client ON tool_calls (tenant_id, client_id, id) WHERE client_id IS NOT NULL",
        "CREATE INDEX tool_calls_provider ON tool_calls (tenant_id, provider, id)",
        "CREATE INDEX tool_calls_subject ON tool_calls (tenant_id, subject_id, id) WHERE subject_id IS NOT NULL",
        "CREATE INDEX tool_calls_finished ON tool_calls (finished_at) WHERE finished_at IS NOT NULL",
        "CREATE INDEX tool_calls_held ON tool_calls (tenant_id, provider) WHERE state = 'held'",
    ]
}

/// `effect_use` counts settled calls by day and by what they are asked for by; what a call lacks is an empty text.
/// `service_quotas` holds what services say is left of their limits, less the calls that they did not know of (`told`:
/// the least that one has said in its window, `updated_at`: when), `connector_turns` who waits for what is left of the
/// agency's.
private func connectorTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE effect_use (
            tenant_id TEXT NOT NULL, connector TEXT NOT NULL, day INTEGER NOT NULL, tool TEXT NOT NULL,
            agent TEXT NOT NULL, client_id TEXT NOT NULL, campaign_id TEXT NOT NULL,
            calls INTEGER NOT NULL, failures INTEGER NOT NULL, cost INTEGER NOT NULL, tokens INTEGER NOT NULL,
            bytes INTEGER NOT NULL, duration INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, connector, day, tool, agent, client_id, campaign_id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX tool_breakers_provider ON tool_breakers (tenant_id, provider)",
        "CREATE INDEX effect_use_day ON effect_use (tenant_id, day)",
        """
        CREATE TABLE connector_turns (
            tenant_id TEXT NOT NULL, connector TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, connector, key)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX connector_turns_at ON connector_turns (tenant_id, connector, at)",
        """
        CREATE TABLE service_quotas (
            tenant_id TEXT NOT NULL, connector TEXT NOT NULL, quota INTEGER, left_over INTEGER,
            resets_at INTEGER, paused_until INTEGER, updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, connector)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}

/// Returns the statements that hand what waits for a yes to its tool.
private func askedTools(_ dialect: Dialect) -> [String] {
    let asked = "UPDATE approvals SET owner_kind = 'agent_effect'"
    return [
        "\(asked), key = 'send_message', tool = 'send_message' WHERE owner_kind = 'message'",
        "\(asked), key = 'make_offer', tool = 'make_offer' WHERE owner_kind = 'concession'",
        """
        \(asked), key = 'send_proposal', tool = 'send_proposal'
        WHERE owner_kind = 'sale' AND subject_type = 'proposal'
        """,
        """
        \(asked), key = 'send_contract', tool = 'send_contract'
        WHERE owner_kind = 'sale' AND subject_type = 'contract'
        """,
        """
        \(asked), key = 'send_message', tool = 'send_message',
            arguments = REPLACE(arguments, '{"text":', '{"ticket_id":"' || owner_id || '","body":')
        WHERE owner_kind = 'ticket_answer'
        """,
    ]
}

/// `refused_attempts` has a row for each who was refused something at a connector: when, of late.
private func attemptTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE refused_attempts (
            tenant_id TEXT NOT NULL, actor_type TEXT NOT NULL, actor_id TEXT NOT NULL, moments TEXT NOT NULL,
            PRIMARY KEY (tenant_id, actor_type, actor_id)
        ) \(dialect.keyedTableOptions)
        """
    ]
}

/// `connector_pace` holds what a connector's pacing goes by, for each of its limits.
private func paceTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE connector_pace (
            tenant_id TEXT NOT NULL, connector TEXT NOT NULL, span TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, connector, span)
        ) \(dialect.keyedTableOptions)
        """
    ]
}

/// `effect_errors` counts calls that failed by day and code, for as long as baselines go back.
private func errorTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE effect_errors (
            tenant_id TEXT NOT NULL, connector TEXT NOT NULL, day INTEGER NOT NULL, tool TEXT NOT NULL,
            code TEXT NOT NULL, calls INTEGER NOT NULL, PRIMARY KEY (tenant_id, connector, day, tool, code)
        ) \(dialect.keyedTableOptions)
        """
    ]
}
