import HTTPClient
import Integrations
import JSON
import Jobs
import Providers
import Records
import Social
import StandIns
import Synchronization
import Telemetry
import Testing

@testable import Agents

/// LinkedIn counts requests by days, and does not say how many are left of one.
@Suite struct LinkedInTests {
    @Test func `a refusal is tried again after a minute, and a second one ends the day`() async throws {
        let standIn = try LinkedInStandIn(), clock = Mutex(MailRig.now)
        let midnight = TimeSpan.day.bounds(around: MailRig.now, .utc).end
        let service = LinkedIn(makeClient(), now: { clock.withLock { $0 } }, deadline: .seconds(2))
        let access = makeAccess(
            standIn.service.url, ["author": .string(standIn.author)], ["access_token": standIn.token])
        func refused() async -> Duration? {
            standIn.service.next(.answer(429, #"{"status":429,"code":"TOO_MANY_REQUESTS"}"#))
            let post = StandingPost(id: "urn:li:share:1", format: .post, age: .seconds(3600))
            do throws(ToolFailure) {
                _ = try await service.figures(of: [post], access, ConnectorCall())
                return nil
            } catch {
                return error.retryAfter
            }
        }
        #expect(await refused() == .seconds(60))
        clock.withLock { $0 = $0 + .seconds(61) }
        #expect(await refused() == midnight - (MailRig.now + .seconds(61)))
        clock.withLock { $0 = midnight + .seconds(60) }
        #expect(await refused() == .seconds(60), "the next day begins anew")
    }
}
