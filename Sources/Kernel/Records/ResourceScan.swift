package import Database
package import Telemetry

package extension Resource {
    /// Makes something of the tenant's records that meet `condition`, of which only some fields are read: the others
    /// have the values of a new record. Of wide records that takes a fraction of the time. `index`: where many values
    /// are looked up.
    func values<Value>(
        of fields: [Field<R>], where condition: SQL, suffix: SQL = "", lookingUpIn index: StaticString? = nil,
        in reader: some Queryable,
        _ value: (_ id: String, _ version: Int, _ updatedAt: Instant, R) throws -> Value
    ) throws -> [Value] {
        let columns = ["id", "version", "updated_at"] + fields.flatMap(\.columns)
        var sql: SQL = "SELECT \(trusted: columns.joined(separator: ", ")) FROM \(trusted: table)"
        if let index { sql += " \(reader.dialect.lookingUp(in: index))" }
        sql += " WHERE tenant_id = \(reader.tenant) AND "
        sql += condition
        sql += " "
        sql += suffix
        let blank = R()
        return try reader.all(sql) { row in
            var record = blank, column = 3
            for field in fields {
                field.load(&record, row, column)
                column += field.columns.count
            }
            return try value(row.text(0), row.int(1), row.instant(2), record)
        }
    }
}
