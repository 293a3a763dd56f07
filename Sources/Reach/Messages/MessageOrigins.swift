internal import Database

/// Gives messages the agent's run and decision that they go back to; enrolments keep them for all their steps.
let messageOriginMigration = Migration(number: 811, name: "what agents' messages go back to") { _ in
    [
        "ALTER TABLE messages ADD COLUMN run_id TEXT",
        "ALTER TABLE messages ADD COLUMN decision_id TEXT",
    ]
}
