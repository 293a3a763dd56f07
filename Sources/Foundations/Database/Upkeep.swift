/// The tasks that keep a database quick and sound.
package enum UpkeepTask: String, CaseIterable, Sendable {
    case analyze, vacuum, reindex, integrity
}

/// The measurement that says whether a task should be done.
package struct UpkeepNeed: Sendable, Hashable {
    /// Whether it should be done at the next quiet time.
    package let isDue: Bool
    /// The measurement in words.
    package let detail: String
}

/// The way in which a statement may become quicker.
package enum StatementAdvice: Sendable, Hashable {
    /// It reads a whole table; an index on these columns would spare that, as far as its text tells which.
    case index(table: String, columns: [String])
    /// It sorts what no index has in order.
    case order
    /// It uses indexes, and reads much all the same.
    case narrow
}

extension DatabaseError {
    /// The error of a database in which a check has found faults: the first of them, in words.
    static func faulty(_ faults: [String]) -> DatabaseError {
        .unavailable(.corrupt("\(faults.count) faults: \(faults.prefix(5).joined(separator: "; "))"))
    }
}

extension Database {
    /// Does a task, and says in words what came of it; throws where a check finds faults. Blocks the calling thread,
    /// for as long as minutes. Reads go on, and writes wait for a part of it at most, but for `vacuum` of a file, which
    /// holds them for its whole time.
    package func keepUp(_ task: UpkeepTask) throws -> String {
        try refuseOnWriter()
        switch engine {
        case .sqlite(let engine): return try engine.keepUp(task)
        case .postgreSQL(let engine): return try engine.keepUp(task)
        }
    }

    /// Takes the words of what was deleted out of the search tables, where the engine keeps them for a while. Blocks
    /// the calling thread.
    package func purgeSearch() throws {
        try refuseOnWriter()
        if case .sqlite(let engine) = engine { try engine.purgeSearch() }
    }

    /// Measures whether a task should be done.
    package func need(of task: UpkeepTask) throws -> UpkeepNeed {
        switch engine {
        case .sqlite(let engine): try engine.need(of: task)
        case .postgreSQL(let engine): try engine.need(of: task)
        }
    }

    /// The statements that took long in this process.
    package var slowStatements: SlowStatements { configuration.slowStatements }

    /// Returns what would make a statement quicker, as its plan tells; `nil` where that cannot be told.
    package func advice(on statement: String) -> StatementAdvice? {
        switch engine {
        case .sqlite(let engine): try? engine.advice(on: statement)
        case .postgreSQL(let engine): try? engine.advice(on: statement)
        }
    }
}
