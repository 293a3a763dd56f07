internal import Database

/// The tables of tools, budgets and approvals. Numbers 130 to 137 are theirs.
let toolMigrations: [Migration] = [
    Migration(number: 130, name: "tools", statements: toolTables),
    Migration(number: 131, name: "budgets", statements: budgetTables),
    Migration(number: 132, name: "approvals", statements: approvalTables),
]

/// `tool_calls` has a row for each attempt that was let out, and for each call that was done inside: it is the log
/// of all requests, and what a repeated key is answered from. `state`: `held` until it is settled.
/// `tool_use.span`: 0 minute, 1 hour, 2 day, 3 month.
private func toolTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE tool_settings (
            tenant_id TEXT NOT NULL,
            tool TEXT NOT NULL,
            enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
            limits TEXT NOT NULL,
            price INTEGER CHECK (price >= 0),
            providers TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, tool)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE tool_use (
            tenant_id TEXT NOT NULL,
            tool TEXT NOT NULL,
            span INTEGER NOT NULL CHECK (span BETWEEN 0 AND 3),
            start_at INTEGER NOT NULL,
            calls INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            cost INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, tool, span, start_at)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE tool_breakers (
            tenant_id TEXT NOT NULL,
            tool TEXT NOT NULL,
            provider TEXT NOT NULL,
            failures INTEGER NOT NULL,
            openings INTEGER NOT NULL,
            open_until INTEGER,
            probe_until INTEGER,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, tool, provider)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE tool_cache (
            tenant_id TEXT NOT NULL,
            tool TEXT NOT NULL,
            arguments_hash TEXT NOT NULL,
            result TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, tool, arguments_hash)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX tool_cache_expiry ON tool_cache (tenant_id, expires_at)",
        """
        CREATE TABLE tool_calls (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            key TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            round INTEGER NOT NULL,
            tool TEXT NOT NULL,
            provider TEXT NOT NULL,
            agent TEXT,
            run_id TEXT,
            actor_type TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            arguments_hash TEXT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('held', 'succeeded', 'captured', 'observed', 'failed', 'abandoned')),
            result TEXT,
            result_hash TEXT,
            error TEXT,
            cost INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            finished_at INTEGER,
            PRIMARY KEY (tenant_id, id),
            CHECK ((state = 'held') = (finished_at IS NULL))
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE UNIQUE INDEX tool_calls_attempt ON tool_calls (tenant_id, key, attempt)",
        """
        CREATE INDEX tool_calls_run ON tool_calls (tenant_id, run_id, tool, arguments_hash)
            WHERE run_id IS NOT NULL
        """,
        "CREATE INDEX tool_calls_tool ON tool_calls (tenant_id, tool, id)",
        "CREATE INDEX tool_calls_started ON tool_calls (tenant_id, started_at)",
    ]
}

/// `budget_use` has a row for each period in which something was spent or held; `budget_holds` says what each
/// attempt of a call holds, so that nothing can be given back twice.
private func budgetTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE budgets (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            agent TEXT,
            client_id TEXT,
            kind TEXT NOT NULL CHECK (kind IN ('money', 'tokens', 'sends', 'calls')),
            amount INTEGER NOT NULL CHECK (amount >= 0),
            currency TEXT,
            per TEXT NOT NULL CHECK (per IN ('hour', 'day', 'month')),
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id),
            CHECK ((kind = 'money') = (currency IS NOT NULL))
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE budget_use (
            tenant_id TEXT NOT NULL,
            budget_id TEXT NOT NULL,
            start_at INTEGER NOT NULL,
            spent INTEGER NOT NULL CHECK (spent >= 0),
            held INTEGER NOT NULL CHECK (held >= 0),
            warned INTEGER NOT NULL CHECK (warned IN (0, 1)),
            exhausted INTEGER NOT NULL CHECK (exhausted IN (0, 1)),
            PRIMARY KEY (tenant_id, budget_id, start_at)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE budget_holds (
            tenant_id TEXT NOT NULL,
            key TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            budget_id TEXT NOT NULL,
            start_at INTEGER NOT NULL,
            amount INTEGER NOT NULL CHECK (amount >= 0),
            held_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, key, attempt, budget_id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX budget_holds_budget ON budget_holds (tenant_id, budget_id, start_at)",
    ]
}

private func approvalTables(_ dialect: Dialect) -> [String] {
    [
        """
        CREATE TABLE approvals (
            tenant_id TEXT NOT NULL,
            id TEXT NOT NULL,
            owner_kind TEXT NOT NULL,
            owner_id TEXT NOT NULL,
            key TEXT NOT NULL,
            run_id TEXT,
            agent TEXT,
            tool TEXT,
            subject_type TEXT,
            subject_id TEXT,
            status TEXT NOT NULL
                CHECK (status IN ('pending', 'approved', 'rejected', 'expired', 'withdrawn')),
            title TEXT NOT NULL,
            preview TEXT NOT NULL,
            reason TEXT,
            arguments TEXT NOT NULL,
            arguments_hash TEXT NOT NULL,
            context TEXT NOT NULL,
            requested_by_type TEXT NOT NULL,
            requested_by_id TEXT NOT NULL,
            needed INTEGER NOT NULL CHECK (needed > 0),
            expires_at INTEGER NOT NULL,
            decided_by_type TEXT,
            decided_by_id TEXT,
            decision_reason TEXT,
            decided_at INTEGER,
            effect TEXT,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, id),
            CHECK ((status = 'pending') = (decided_at IS NULL))
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE UNIQUE INDEX approvals_key ON approvals (tenant_id, owner_kind, owner_id, key)",
        "CREATE INDEX approvals_status ON approvals (tenant_id, status, id)",
        "CREATE INDEX approvals_run ON approvals (tenant_id, run_id, id) WHERE run_id IS NOT NULL",
        "CREATE INDEX approvals_agent ON approvals (tenant_id, agent, id) WHERE agent IS NOT NULL",
        "CREATE INDEX approvals_subject ON approvals (tenant_id, subject_id, id) WHERE subject_id IS NOT NULL",
        """
        CREATE TABLE approval_votes (
            tenant_id TEXT NOT NULL,
            approval_id TEXT NOT NULL,
            actor_type TEXT NOT NULL,
            actor_id TEXT NOT NULL,
            arguments_hash TEXT NOT NULL,
            voted_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, approval_id, actor_id)
        ) \(dialect.keyedTableOptions)
        """,
        """
        CREATE TABLE approval_policies (
            tenant_id TEXT NOT NULL,
            name TEXT NOT NULL CHECK (name = 'standard'),
            four_eyes INTEGER NOT NULL CHECK (four_eyes IN (0, 1)),
            expires_in INTEGER NOT NULL CHECK (expires_in > 0),
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, name)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}
