import Records
import Telemetry
import Testing

@testable import Tenancy

@Suite struct CredentialCacheTests {
    private func credential(_ id: String) -> Credential {
        Credential(
            Principal(actor: Actor(.user, id: id), tenantID: nil, role: "owner", permissions: []),
            expiresAt: Instant(seconds: 2_000_000_000), allowance: Allowance(perMinute: 60, burst: 10),
            limiter: Limiter(), allowedOrigins: [], isSuspended: false)
    }

    private func digest(_ secret: String) -> SecretDigest {
        Array(secret.utf8).withUnsafeBufferPointer { SecretDigest($0) }
    }

    @Test func `what a session opens is held by the digest of its token, until all is forgotten`() {
        let cache: any CredentialCache = CredentialMemory()
        let (none, mark) = cache.find(digest("one"))
        #expect(none == nil)
        let known = credential("user_1")
        cache.keep(known, for: digest("one"), since: mark)
        #expect(cache.find(digest("one")).credential === known)
        #expect(cache.find(digest("One")).credential == nil, "another token opens something else")
        cache.forgetAll()
        #expect(cache.find(digest("one")).credential == nil)
    }

    @Test func `what was looked up before a change is not held after it`() {
        let cache = CredentialMemory()
        let mark = cache.find(digest("one")).mark
        // The session ends between the look into the database and the keeping.
        cache.forgetAll()
        cache.keep(credential("user_1"), for: digest("one"), since: mark)
        #expect(cache.find(digest("one")).credential == nil)
        cache.keep(credential("user_1"), for: digest("one"), since: cache.find(digest("one")).mark)
        #expect(cache.find(digest("one")).credential != nil)
    }

    @Test func `however many sessions there are, no more are held than may be`() {
        let cache = CredentialMemory(keptMax: 10)
        for number in 0..<1000 {
            let digest = digest("token \(number)")
            cache.keep(credential("user"), for: digest, since: cache.find(digest).mark)
        }
        let held = (0..<1000).filter { cache.find(digest("token \($0)")).credential != nil }
        #expect((1...10).contains(held.count) && held.last == 999)
    }
}
