import JSON
import Nouns
import RuntimeTesting
import Telemetry
import Testing

@testable import Integrations

struct `A service whose credentials were rotated` {
    private let end = Instant(seconds: 2_000_000_000)

    /// The credentials that were tried, and what came of it.
    private func tried(_ taken: String, at now: Instant, former: Bool = true) async -> [String] {
        let access = IntegrationAccess(
            integrationID: .numbered(1), baseURL: "", settings: [:], credentials: ["key": "new"],
            former: former ? FormerCredentials(credentials: ["key": "old"], until: end) : nil)
        var keys: [String] = []
        let answer = await access.withEither(at: now, isRefused: { $0 == "refused" }) {
            access async -> String in
            keys.append(access.credential("key"))
            return access.credential("key") == taken ? "taken" : "refused"
        }
        return keys + [answer]
    }

    @Test func `is asked with those before only where it refuses the new ones, within the overlap`() async {
        let now = end - .seconds(1)
        #expect(await tried("new", at: now) == ["new", "taken"])
        #expect(await tried("old", at: now) == ["new", "old", "taken"])
        #expect(await tried("neither", at: now) == ["new", "old", "refused"])
        #expect(await tried("old", at: end) == ["new", "refused"])
        #expect(await tried("old", at: now, former: false) == ["new", "refused"])
    }
}
