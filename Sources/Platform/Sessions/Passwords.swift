internal import Cryptography
internal import Records

extension PlatformServices {
    /// What stands before the hash of a password that was taken as it was typed. Hashes without it were made when the
    /// spaces around a password were taken off.
    private static var verbatimMark: String { "=" }

    /// What is stored for a password.
    package func hash(_ password: String) async throws -> String {
        Self.verbatimMark + (try await passwords.hash(password))
    }

    /// Whether it is the password that `stored` was made from.
    func verify(_ password: String, against stored: String) async throws -> Bool {
        if stored.hasPrefix(Self.verbatimMark) {
            return try await passwords.verify(password, against: String(stored.dropFirst()))
        }
        if try await passwords.verify(password, against: stored) { return true }
        guard password.trimmed != password else { return false }
        return try await passwords.verify(password.trimmed, against: stored)
    }
}
