import TestDatabases
import Testing

extension Trait where Self == ConditionTrait {
    /// Tests about SQLite's file or its planner.
    static var ofFiles: Self { .enabled(if: !TestDatabases.isOnServer, "about a database's file") }
}
