@testable import Cryptography
import Glibc
import Testing

@Suite struct EnvelopeTests {
    @Test(arguments: [
        (
            String(repeating: "0", count: 64), String(repeating: "0", count: 24), "", "", "",
            "530f8afbc74536b9a963b4f1c4cb738b"
        ),
        (
            String(repeating: "0", count: 64), String(repeating: "0", count: 24),
            String(repeating: "0", count: 32), "",
            "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"
        ),
        (
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"
        ),
    ])
    func `AES-256-GCM gives the answers of the specification's test cases 13, 14 and 16`(
        key: String, nonce: String, plaintext: String, data: String, ciphertext: String, tag: String
    ) throws {
        let bytes = try [key, nonce, plaintext, data, ciphertext + tag].map { try #require(Hex.decode($0)) }
        let cipher = AES256GCM(key: bytes[0])
        #expect(cipher.seal(bytes[2], nonce: bytes[1], data: bytes[3]) == bytes[4])
        #expect(cipher.open(bytes[4], nonce: bytes[1], data: bytes[3]) == bytes[2])
        #expect(cipher.open(bytes[4], nonce: bytes[1], data: bytes[3] + [0]) == nil)
        #expect(cipher.open(Array(bytes[4].dropLast()), nonce: bytes[1], data: bytes[3]) == nil)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1000, 100_000]) func `what is sealed opens again`(count: Int) throws {
        let key = SealingKey(), plaintext = SystemRandom.bytes(count)
        let sealed = try key.seal(plaintext, context: "tnt_1/connections/token")
        #expect(
            sealed.count == count + SealingKey.overhead && sealed[0] == 1
                && SealingKey.keyID(of: sealed) == key.id)
        #expect(try key.open(sealed, context: "tnt_1/connections/token") == plaintext)
        #expect(try key.seal(plaintext, context: "tnt_1/connections/token") != sealed)
    }

    @Test func `nothing opens in another context, with another key, or altered`() throws {
        let key = SealingKey(), sealed = try key.seal(Array("secret".utf8), context: "tnt_1")
        for context in ["tnt_2", "", "tnt_1 ", "tnt_"] {
            #expect(throws: EnvelopeError.notAuthentic) { try key.open(sealed, context: context) }
        }
        #expect(throws: EnvelopeError.unknownKey) { try SealingKey().open(sealed, context: "tnt_1") }
        for place in sealed.indices {
            var altered = sealed
            altered[place] ^= 0x10
            #expect(throws: EnvelopeError.self, "\(place)") { try key.open(altered, context: "tnt_1") }
        }
        for count in 0..<sealed.count {
            #expect(throws: EnvelopeError.notAuthentic) {
                try key.open(Array(sealed[..<count]), context: "tnt_1")
            }
        }
        #expect(throws: EnvelopeError.notAuthentic) { try key.open(sealed + [0], context: "tnt_1") }
    }

    @Test func `a data key is wrapped for its tenant and unwraps for no other`() throws {
        let master = MasterKey(SealingKey()), key = SealingKey()
        let sealed = try key.seal(Array("secret".utf8), context: "x")
        let wrapped = try master.wrap(key, context: "tnt_1")
        #expect(
            try master.unwrap(wrapped, context: "tnt_1").open(sealed, context: "x") == Array("secret".utf8))
        #expect(throws: EnvelopeError.notAuthentic) { try master.unwrap(wrapped, context: "tnt_2") }
        #expect(throws: EnvelopeError.unknownKey) {
            try MasterKey(SealingKey()).unwrap(wrapped, context: "tnt_1")
        }
        #expect(throws: EnvelopeError.notAuthentic) { try master.unwrap([], context: "tnt_1") }
    }

    @Test func `a value is not taken for a key`() throws {
        let sealing = SealingKey(), master = MasterKey(sealing)
        let value = try sealing.seal(SystemRandom.bytes(32), context: "tnt_1")
        #expect(throws: EnvelopeError.notAuthentic) { try master.unwrap(value, context: "tnt_1") }
        let wrapped = try master.wrap(SealingKey(), context: "tnt_1")
        #expect(throws: EnvelopeError.notAuthentic) { try sealing.open(wrapped, context: "tnt_1") }
    }

    @Test func `an older master key unwraps until the data key is wrapped anew`() throws {
        let (old, new) = (Base64.encode(SystemRandom.bytes(32)), Base64.encode(SystemRandom.bytes(32)))
        let key = SealingKey()
        let wrapped = try MasterKey(base64: old).wrap(key, context: "t")
        let rotated = try MasterKey(base64: new, older: [old])
        #expect(try rotated.unwrap(wrapped, context: "t").id == key.id && rotated.needsRewrap(wrapped))
        let again = try rotated.wrap(rotated.unwrap(wrapped, context: "t"), context: "t")
        #expect(
            try !rotated.needsRewrap(again) && MasterKey(base64: new).unwrap(again, context: "t").id == key.id
        )
    }

    @Test(arguments: [
        "", "x", "AAAA", Base64.encode([UInt8](repeating: 0, count: 31)),
        Base64.encode([UInt8](repeating: 0, count: 33)), Base64.encodeURL([UInt8](repeating: 0, count: 32)),
    ])
    func `only the base 64 of 32 bytes is a key`(text: String) {
        #expect(throws: EnvelopeError.malformedKey) { try MasterKey(base64: text) }
    }
}

@Suite struct MasterKeyFileTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        var name = Array("/tmp/bureau-key-XXXXXX".utf8CString)
        mkdtemp(&name)
        let folder = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer {
            for file in ["key", "other"] { unlink(folder + "/" + file) }
            #expect(rmdir(folder) == 0, "a draft was left behind")
        }
        try await body(folder)
    }

    @Test func `a key file is made once, for its owner only, and read again`() async throws {
        try await withFolder { folder in
            let first = try MasterKey.atFile(folder + "/key")
            var status = stat()
            #expect(
                stat(folder + "/key", &status) == 0 && status.st_mode & 0o777 == 0o600 && status.st_size == 45
            )
            let wrapped = try first.wrap(SealingKey(), context: "t")
            #expect(throws: Never.self) {
                try MasterKey.atFile(folder + "/key").unwrap(wrapped, context: "t")
            }
            #expect(try MasterKey.atFile(folder + "/other").needsRewrap(wrapped))
        }
    }

    @Test func `of many that start at once all get the same key`() async throws {
        try await withFolder { folder in
            let keys = try await withThrowingTaskGroup(of: MasterKey.self) { group in
                for _ in 0..<16 { group.addTask { try MasterKey.atFile(folder + "/key") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let wrapped = try keys[0].wrap(SealingKey(), context: "t")
            #expect(keys.allSatisfy { !$0.needsRewrap(wrapped) })
        }
    }

    @Test func `a file others can read, or without a key, is refused and kept`() async throws {
        try await withFolder { folder in
            _ = try MasterKey.atFile(folder + "/key")
            chmod(folder + "/key", 0o640)
            let open = #expect(throws: KeyFileError.self) { try MasterKey.atFile(folder + "/key") }
            #expect(open?.description.contains("chmod 600") == true)
            chmod(folder + "/key", 0o600)
            truncate(folder + "/key", 20)
            let cut = #expect(throws: KeyFileError.self) { try MasterKey.atFile(folder + "/key") }
            #expect(cut?.description.contains("backup") == true)
            #expect(throws: KeyFileError.self) { try MasterKey.atFile(folder + "/absent/key") }
            #expect(throws: KeyFileError.self) { try MasterKey.atFile(folder) }
        }
    }
}
