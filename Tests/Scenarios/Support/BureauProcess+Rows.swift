import Foundation
import TestDatabases
import Testing

extension BureauProcess {
    /// Returns the number of rows of a table, or of those that a condition behind its name picks, of all tenants, as
    /// the database has them.
    func rowCount(of table: String) throws -> Int {
        if let database { return try TestDatabases.rowCount(of: table, in: database) }
        let script = """
            import sqlite3
            db = sqlite3.connect("file:\(folder)/bureau.db?mode=ro", uri=True, timeout=30)
            print(db.execute("SELECT count(*) FROM \(table)").fetchone()[0])
            """
        let counted = try Self.run(["/usr/bin/env", "python3", "-c", script])
        return try #require(
            Int(counted.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(counted.output)")
    }
}
