internal import Cryptography
internal import Records

extension PlatformServices {
    /// The mark of a password's hash that was made of the password exactly as it was typed. Hashes without the mark
    /// are older, from when the spaces around a password were removed.
    private static var verbatimMark: String { "=" }

    /// Returns what is stored for a password.
    package func hash(_ password: String) async throws -> String {
        Self.verbatimMark + (try await passwords.hash(password))
    }

    /// Returns whether `stored` was made from the password.
    func verify(_ password: String, against stored: String) async throws -> Bool {
        if stored.hasPrefix(Self.verbatimMark) {
            return try await passwords.verify(password, against: String(stored.dropFirst()))
        }
        if try await passwords.verify(password, against: stored) { return true }
        guard password.trimmed != password else { return false }
        return try await passwords.verify(password.trimmed, against: stored)
    }
}
