import HTTPClient
import Integrations
import Mail
import Messages
import Nouns
import StandIns
import Telemetry
import Testing
import Waiting

/// The outcomes of a sending are cut by what can be done about them, alike for every service.
@Suite struct MailSendingTests {
    @Test(arguments: MailRig.all)
    func `a service that asks for time gets it, and nothing was taken`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        rig.service.next(
            .answer(429, headers: [("Retry-After", "7")]), .answer(429), .answer(500, "oh\n  no"),
            .answer(503, headers: [("Retry-After", "30")]),
            .answer(429, headers: [("X-RateLimit-Reset", "1767225660")]),
            .answer(429, headers: [("X-RateLimit-Reset", "1767225660500")]),
            .answer(429, headers: [("X-RateLimit-Reset", "1767225000")]))
        for (status, pause) in [
            (429, 7.0), (429, nil), (500, nil), (503, 30), (429, 60), (429, 60.5), (429, 0),
        ] as [(Int, Double?)] {
            let later = try #require(await rig.send().pause)
            #expect(later.code == "\(kind.rawValue)_\(status)" && later.after == pause.map { .seconds($0) })
        }
        #expect(rig.service.requests.count == 7, "each was asked once")
    }

    @Test(arguments: MailRig.all)
    func `what may have been read is unknown, and not sent again`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start(deadline: .seconds(20))
        // A kept connection would have the mail sent again by the library.
        _ = await rig.connector.check(rig.access)
        for turn in [
            .cutBefore, .cutAfter, .cutWithin(StandInAnswer(200, #"{"success":true,"id":"<x@y>"}"#)),
        ] as [ServiceStandIn.Turn] {
            let before = rig.service.requests.count, connections = rig.service.connections
            rig.service.next(turn)
            #expect(await rig.send().isUnknown)
            let isRead = if case .cutBefore = turn { false } else { true }
            #expect(rig.service.requests.count == before + (isRead ? 1 : 0))
            #expect(rig.service.connections == connections + 1)
        }
        #expect(await rig.send().acceptedAs != nil, "it works as before")
    }

    @Test(arguments: MailRig.all)
    func `a yes that is not the service's is unknown`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        rig.service.next(.answer(200, "<html>Welcome</html>"), .answer(200, "{}"), .answer(204))
        for _ in 0..<3 { #expect(await rig.send().isUnknown) }
    }

    @Test(arguments: MailRig.all)
    func `a service that says nothing in time leaves it unknown`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start(deadline: .milliseconds(200))
        rig.service.next(.silence)
        #expect(await rig.send().isUnknown)
        #expect(rig.service.requests.count == 1)
    }

    @Test(arguments: MailRig.all)
    func `a service that takes no connection is tried later`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        rig.service.stop()
        let later = try #require(await rig.send().pause)
        #expect(later.code == "connect" && later.after == nil)
        #expect(await rig.connector.check(rig.access).verdict == "unclear connect")
    }

    @Test(arguments: MailRig.all)
    func `a wrong key, or another place, is the account's affair`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        #expect(await rig.send(plainMail, rig.strangers).refusal?.cause == .account)
        rig.service.next(.answer(302, headers: [("Location", "\(rig.service.url)/elsewhere")]))
        #expect(await rig.send().refusal?.cause == .account)
        #expect(rig.service.requests.count == 2, "nobody was followed")
        let nowhere = IntegrationAccess(
            integrationID: integrationID, baseURL: "ftp://example.com", settings: rig.access.settings,
            credentials: rig.access.credentials)
        #expect(await rig.send(plainMail, nowhere).refusal?.code == "invalid_url")
        let smuggled = makeAccess(
            rig.service.url, rig.access.settings, rig.access.credentials.mapValues { $0 + "\r\nX: y" })
        #expect(await rig.send(plainMail, smuggled).refusal != nil)
        #expect(!rig.service.requests.contains { $0.header("X") != nil })
    }

    @Test(arguments: MailRig.all)
    func `a test tells a key that is unknown from one that lacks a permission`(
        _ kind: MailRig.Kind
    ) async throws {
        let rig = try kind.start()
        #expect(await rig.connector.check(rig.access).verdict == "good")
        #expect(await rig.connector.check(rig.strangers).verdict == "bad \(kind.rawValue)_401")
        rig.service.next(.answer(403, #"{"message":"not for you","Message":"not for you"}"#))
        guard case .bad("permission_missing", let detail) = await rig.connector.check(rig.access) else {
            Issue.record("it is no missing permission")
            return
        }
        #expect(detail == "The credentials lack a permission: not for you")
    }

    @Test(arguments: MailRig.all)
    func `a refusal of the mail has the service's words`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        rig.service.next(.answer(400, #"{"message":"the  subject\nis odd","Message":"the subject is odd"}"#))
        let refusal = try #require(await rig.send().refusal)
        #expect(refusal.cause == .message && refusal.detail == "the subject is odd")
        #expect(refusal.code == "\(kind.rawValue)_400")
    }

    @Test(arguments: MailRig.all)
    func `what a gateway says that waited in vain tells nothing of the service`(
        _ kind: MailRig.Kind
    ) async throws {
        let rig = try kind.start()
        rig.service.next(.answer(504, "Gateway Timeout"))
        guard case .unknown = await rig.send() else {
            Issue.record("it may have been taken, and would be sent again")
            return
        }
    }

    @Test(arguments: MailRig.all)
    func `a key is tried without sending anything`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        #expect(await rig.connector.check(rig.access).verdict == "good")
        #expect(await rig.connector.check(rig.strangers).verdict == "bad \(kind.rawValue)_401")
        rig.service.next(.answer(503), .answer(200, "<html>"), .cutAfter)
        #expect(await rig.connector.check(rig.access).verdict == "unclear \(kind.rawValue)_503")
        #expect(await rig.connector.check(rig.access).verdict == "unclear \(kind.rawValue)_unreadable")
        #expect(rig.service.requests.allSatisfy { $0.method == "GET" && $0.body.isEmpty })
    }

    @Test(arguments: MailRig.all)
    func `a cancelled sending is unknown`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        rig.service.next(.silence)
        let sending = Task { await rig.send() }
        #expect(await yields(until: { !rig.service.requests.isEmpty }))
        sending.cancel()
        #expect(await sending.value.isUnknown)
    }

    @Test(arguments: MailRig.all)
    func `references are trimmed in the middle`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        var mail = plainMail
        mail.references = (1...40).map {
            InternetMessageID("\($0).\(String(repeating: "r", count: 40))@example.com")!
        }
        #expect(await rig.send(mail).acceptedAs != nil)
        let text = rig.service.requests[0].text
        #expect(text.contains("<1.rrr") && text.contains("<40.rrr") && !text.contains("<15.rrr"))
        let count = text.split(separator: "rrr@example.com").count - 1
        #expect((10...16).contains(count), "\(count) are left")
    }
}
