@testable import Cryptography
import Glibc
import Synchronization
import Testing
import Waiting

@Suite struct PasswordHasherTests {
    private let cheap = PasswordCost(memoryKiB: 64, passes: 1)

    @Test func `Argon2id gives RFC 9106's answer`() throws {
        let tag = argon2id(
            [UInt8](repeating: 1, count: 32), salt: [UInt8](repeating: 2, count: 16),
            secret: [UInt8](repeating: 3, count: 8),
            data: [UInt8](repeating: 4, count: 12), cost: PasswordCost(memoryKiB: 32, passes: 3, lanes: 4))
        #expect(
            Hex.encode(try #require(tag))
                == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
    }

    @Test func `a hash made elsewhere verifies`() async throws {
        // The reference implementation's own test: version 0x13, t=2, m=2^8, p=1.
        let stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        let hasher = PasswordHasher(cost: cheap)
        #expect(try await hasher.verify("password", against: stored))
        #expect(try await !hasher.verify("passwore", against: stored))
    }

    @Test func `the right password verifies and no other`() async throws {
        let hasher = PasswordHasher(cost: cheap)
        let stored = try await hasher.hash("correct horse battery")
        #expect(stored.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$") && !stored.contains("=$"))
        #expect(try await hasher.verify("correct horse battery", against: stored))
        for wrong in [
            "", "Correct horse battery", "correct horse battery ", "correct horse batter",
            "correct horse battery\u{0}",
        ] {
            #expect(try await !hasher.verify(wrong, against: stored))
        }
        #expect(try await hasher.hash("correct horse battery") != stored)
        let zero = try await hasher.hash("a\u{0}b")
        #expect(try await !hasher.verify("a", against: zero))
    }

    @Test(arguments: [
        "", "x", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=64,t=4000000000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=64,t=1,p=4294967295$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=64,t=1,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=64,t=1,p=1$$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=",
        "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4$",
        "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    ])
    func `a stored text that is no such hash is said to be so`(stored: String) async {
        let hasher = PasswordHasher(cost: cheap)
        await #expect(throws: PasswordHasherError.malformedHash) {
            try await hasher.verify("password", against: stored)
        }
        #expect(hasher.needsRehash(stored))
    }

    @Test func `a hash at another cost verifies and is to be made anew`() async throws {
        let old = try await PasswordHasher(cost: cheap).hash("correct horse battery")
        let hasher = PasswordHasher(cost: PasswordCost(memoryKiB: 128, passes: 2))
        #expect(try await hasher.verify("correct horse battery", against: old) && hasher.needsRehash(old))
        #expect(try await !hasher.needsRehash(hasher.hash("correct horse battery")))
    }

    @Test func `a password beyond the limit is wrong, not slow`() async throws {
        let hasher = PasswordHasher(cost: cheap)
        let long = String(repeating: "x", count: 10_000_000)
        let stored = try await hasher.hash(String(long.prefix(1024)))
        #expect(try await !hasher.verify(long, against: stored))
        try await hasher.verifyDummy(long)
    }

    @Test func `a storm is refused beyond the queue, and what was accepted is done`() async throws {
        let hasher = PasswordHasher(cost: PasswordCost(memoryKiB: 4096, passes: 1), threads: 1, waitingMax: 4)
        let answers = Answers()
        for _ in 0..<60 { hasher.hash("x") { answers.add(isGood: (try? $0.get()) != nil) } }
        #expect(await yields(until: { answers.all == 60 }))
        #expect((4..<60).contains(answers.good), "the others are told at once")
        #expect(try await hasher.verify("x", against: hasher.hash("x")), "it recovers")
    }

    @Test func `what was accepted is answered even when the hasher goes`() async {
        let answers = Answers()
        do {
            let hasher = PasswordHasher(cost: cheap, threads: 2)
            for _ in 0..<20 { hasher.hash("x") { answers.add(isGood: (try? $0.get()) != nil) } }
        }
        #expect(await yields(until: { answers.good == 20 }))
    }

    @Test func `an unknown account takes the time of a known one`() async throws {
        let hasher = PasswordHasher(threads: 1)
        let stored = try await hasher.hash("correct horse battery")
        let stamps = Mutex<[Int64]>([])
        // Of the one thread that hashes: a busy machine adds nothing to it.
        let completion: @Sendable (Result<Bool, PasswordHasherError>) -> Void = { _ in
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            stamps.withLock { $0.append(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)) }
        }
        for (number, isKnown) in [true, true, false, true, false, true, false].enumerated() {
            if isKnown {
                hasher.verify("wrong horse battery", against: stored, completion: completion)
            } else {
                hasher.verifyDummy("wrong horse battery", completion: completion)
            }
            let isAnswered = await yields(until: { stamps.withLock { $0.count } > number })
            try #require(isAnswered)
        }
        let times = stamps.withLock { stamps in zip(stamps, stamps.dropFirst()).map { $1 - $0 } }
        let known = min(times[0], times[2], times[4]), unknown = min(times[1], times[3], times[5])
        #expect(unknown > known / 2 && known > unknown / 2, "\(known) \(unknown) ns")
    }
}

/// The answers that are in, and how many of them are good.
private final class Answers: Sendable {
    private let counts = Mutex((all: 0, good: 0))

    var all: Int { counts.withLock { $0.all } }
    var good: Int { counts.withLock { $0.good } }

    func add(isGood: Bool) {
        counts.withLock { counts in
            counts.all += 1
            if isGood { counts.good += 1 }
        }
    }
}

@Suite struct PasswordPolicyTests {
    @Test(arguments: [
        "passwordpassword", "123456789012", "qwertyuiop123", "Password1234", "P@ssw0rd!2024", "password12345",
        "PASSWORDPASSWORD",
        "p4$$w0rdp4$$w0rd", "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "abcdefghijkl", "zyxwvutsrqpo",
        "987654321098",
        "111111222222", "qwerty123456", "1q2w3e4r5t6y", "1qaz2wsx3edc", "qazwsxedcrfv", "asdfghjkl123",
        "zxcvbnmasdfgh",
        "qwertzuiop12", "azertyuiop12", "iloveyou1234", "iloveyouiloveyou", "Welcome2024!!", "Summer2025!!!!",
        "letmeinletmein",
        "administrator", "Administrator1", "admin1234admin", "changeme1234", "sunshine2023", "football1999",
        "dragonmonkey", "monkey123456",
        "000000000000", "!@#$%^&*()_+", "000000000001", "p@ssword p@ssword", "superman12345",
        "trustno1trustno1", "secretsecret!",
        "            ", "1234567890123456789012345678901234567890", "........................",
        "januaryfebruary",
        "MotDePasse2024", "passwort12345", "hallohallo12", "contraseña123", "хххххххххххх",
        "Sommerurlaub24", "février février", "diciembre2024", "benvenutobenvenuta", "segredosegredo",
        "Maandag2024!!",
    ])
    func `what is easily guessed is refused, however long`(password: String) {
        #expect(PasswordPolicy.fault(in: password) == .guessable)
    }

    @Test(arguments: [
        "correct horse battery", "another horse battery", "wrong horse battery",
        "correct horse platform staple", "tr0ub4dor&3 zebra",
        "kX9#mQ2$vL7!", "ein blaues Fahrrad im Mai", "violet-harbour-tundra", "Jy7fGq2LwPzR",
        "mein Hund heißt Ähre", "四つの無関係な言葉を選ぶといい",
        "9f86d081884c7d65", "xkcd password strength comic", "purple monkey dishwasher", "🐎🔋🪨🌊🎻🧭🪁🥨🛶🧶🪴🔭",
        "a quick grey vixen",
    ])
    func `what is not is accepted`(password: String) { #expect(PasswordPolicy.fault(in: password) == nil) }

    @Test func `the length is counted in characters, the limit in bytes`() {
        #expect(
            PasswordPolicy.fault(in: "kX9#mQ2$vL7") == .tooShort && PasswordPolicy.fault(in: "") == .tooShort)
        #expect(PasswordPolicy.fault(in: "👩‍👩‍👧‍👦éü") == .tooShort)
        let long = String(repeating: "violet-harbour-tundra ", count: 100)
        #expect(PasswordPolicy.fault(in: String(long.prefix(1024))) == nil)
        #expect(PasswordPolicy.fault(in: String(long.prefix(1025))) == .tooLong)
    }

    @Test(arguments: [
        "olive@example.com", "olive.turner2024", "Northwind2026!", "northwindnorthwind", "Turner-Olive-1",
        "0l1veTurn3r!!", "Northwind Traders",
        "oliveturner123", "turnerturner",
    ])
    func `one's own name is no password`(password: String) {
        let personal = ["olive.turner@example.com", "olive@example.com", "Olive Turner", "Northwind Traders"]
        #expect(PasswordPolicy.fault(in: password, personal: personal) == .personal)
    }

    @Test func `a name inside a good password does no harm`() {
        let personal = ["olive@example.com", "Olive", "A", "N", ""]
        #expect(PasswordPolicy.fault(in: "olive trees want sun and rain", personal: personal) == nil)
        #expect(PasswordPolicy.fault(in: "correct horse battery", personal: personal) == nil)
        #expect(PasswordPolicy.fault(in: "passwordpassword", personal: personal) == .guessable)
    }

    @Test func `every fault has words for people`() {
        for fault in [PasswordFault.tooShort, .tooLong, .guessable, .personal] {
            #expect(fault.reason.utf8.count > 10)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `the longest passwords are judged in no time`() {
        for unit in ["a", "ab", "password", "qwertyuiop", "1q2w3e", "é", "violet"] {
            _ = PasswordPolicy.fault(
                in: String(String(repeating: unit, count: 1024).prefix(512)),
                personal: [String(repeating: "a ", count: 500)])
        }
    }
}
