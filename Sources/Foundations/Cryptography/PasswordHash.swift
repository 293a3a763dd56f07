internal import CArgon2

/// An Argon2id hash in its PHC text: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`.
struct PasswordHash: Equatable {
    var cost: PasswordCost
    var salt: [UInt8], tag: [UInt8]

    var text: String {
        "$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.passes),p=\(cost.lanes)$"
            + "\(Base64.encodeUnpadded(salt))$\(Base64.encodeUnpadded(tag))"
    }

    init(cost: PasswordCost, salt: [UInt8], tag: [UInt8]) {
        (self.cost, self.salt, self.tag) = (cost, salt, tag)
    }

    /// `nil` for any other text, and for costs that would stop the server.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
            let salt = Base64.decodeUnpadded(parts[4]), (8...64).contains(salt.count),
            let tag = Base64.decodeUnpadded(parts[5]), (16...64).contains(tag.count)
        else { return nil }
        let numbers = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers[0].hasPrefix("m="), numbers[1].hasPrefix("t="),
            numbers[2].hasPrefix("p="),
            let memory = UInt32(numbers[0].dropFirst(2)), let passes = UInt32(numbers[1].dropFirst(2)),
            let lanes = UInt32(numbers[2].dropFirst(2))
        else { return nil }
        let cost = PasswordCost(memoryKiB: memory, passes: passes, lanes: lanes)
        guard cost.isAcceptable else { return nil }
        self.init(cost: cost, salt: salt, tag: tag)
    }
}

/// The cost of one password hash. The default is OWASP's for Argon2id: 19 MiB, two passes, one lane.
package struct PasswordCost: Hashable, Sendable {
    package var memoryKiB: UInt32, passes: UInt32, lanes: UInt32

    package init(memoryKiB: UInt32 = 19_456, passes: UInt32 = 2, lanes: UInt32 = 1) {
        (self.memoryKiB, self.passes, self.lanes) = (memoryKiB, passes, lanes)
    }

    /// Whether it is within what Argon2 allows, and below what would stop the server: 256 MiB, 16 passes, 16
    /// lanes.
    package var isAcceptable: Bool {
        (1...16).contains(lanes) && (8 * lanes...262_144).contains(memoryKiB) && (1...16).contains(passes)
    }
}

/// Argon2id (RFC 9106) itself; `nil` when there is no memory for it.
func argon2id(
    _ password: [UInt8], salt: [UInt8], secret: [UInt8] = [], data: [UInt8] = [], cost: PasswordCost,
    tagCount: Int = 32
) -> [UInt8]? {
    var tag = [UInt8](repeating: 0, count: tagCount)
    let result = unsafe bureau_argon2id(
        password, UInt32(password.count), salt, UInt32(salt.count), secret, UInt32(secret.count), data,
        UInt32(data.count), cost.passes, cost.memoryKiB, cost.lanes, &tag, UInt32(tagCount))
    return result == ARGON2_OK.rawValue ? tag : nil
}
