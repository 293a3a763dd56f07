internal import Glibc

/// A file of the data folder that tells which program has compared its migrations with those that the database had
/// applied, and has missed none. For that, every statement of every migration is put together and read; that program
/// need not do so again, since it would find the same.
struct SchemaMark: Sendable {
    private let path: String
    private let program: String

    /// `nil` where the program is not known.
    init?(_ configuration: DatabaseConfiguration) {
        guard let program = configuration.program else { return nil }
        (path, self.program) = (configuration.folder + "/bureau.schema", program)
    }

    func isLeft(for steps: [Migration], _ applied: [AppliedMigration], _ dialect: Dialect) -> Bool {
        let file = openFile(path, O_RDONLY)
        guard file >= 0 else { return false }
        defer { Glibc.close(file) }
        return readText(file) == line(steps, applied, dialect)
    }

    /// Leaves it if it can; without it the next start compares once more.
    func leave(for steps: [Migration], _ applied: [AppliedMigration], _ dialect: Dialect) {
        let file = openFile(path, O_WRONLY | O_CREAT | O_TRUNC)
        guard file >= 0 else { return }
        defer { Glibc.close(file) }
        let text = line(steps, applied, dialect)
        unsafe _ = write(file, text, text.utf8.count)
    }

    private func line(
        _ steps: [Migration], _ applied: [AppliedMigration], _ dialect: Dialect
    ) -> String {
        var fingerprint = Fingerprint()
        fingerprint.add(bytes: "\(dialect)".utf8)
        for step in steps {
            fingerprint.add(number: UInt64(step.number))
            fingerprint.add(number: UInt64(step.place))
            fingerprint.add(bytes: step.name.utf8)
        }
        for past in applied {
            fingerprint.add(number: UInt64(past.number))
            fingerprint.add(bytes: past.name.utf8)
            fingerprint.add(bytes: past.checksum.utf8)
        }
        return "\(program) \(String(fingerprint.value, radix: 16))"
    }
}
