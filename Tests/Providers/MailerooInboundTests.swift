import Integrations
import JSON
import Mail
import Messages
import Providers
import Records
import StandIns
import Testing

/// Mail that nobody signs: it is read when its service has said that it is its own.
@Suite struct MailerooInboundTests {
    private let standIn: MailerooStandIn
    private let maileroo: Maileroo
    private let access: IntegrationAccess

    init() throws {
        let standIn = try MailerooStandIn()
        self.standIn = standIn
        maileroo = Maileroo(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, ["inbound_url": .string(standIn.service.url)],
            ["sending_key": standIn.sendingKey, "webhook_secret": standIn.secret])
    }

    private static let mail: JSON = [
        "message_id": "<a1@example.com>", "domain": "in.acme.test", "envelope_sender": "ann@example.com",
        "recipients": ["reply+T@in.acme.test"],
        "headers": [
            "From": ["Ann <ann@example.com>"], "To": ["reply+T@in.acme.test"], "Subject": ["Re: Hello"],
            "In-Reply-To": ["<m42@acme.test>"], "References": ["<m1@acme.test> <m42@acme.test>"],
            "Received": ["by a", "by b"],
        ],
        "body": [
            "plaintext": "Yes\n> Hi", "stripped_plaintext": "Yes", "html": "<p>Yes</p>", "stripped_html": "",
            "other_parts": nil, "raw_mime": nil,
        ],
        "spf_result": "pass", "processed_at": 1_767_225_600,
    ]

    private func item(
        _ id: String = "i1", files: [StandInFile] = [], mime: [UInt8]? = nil, _ change: JSON = [:]
    ) throws -> HookItem {
        let hook = standIn.inbound(id, Self.mail, files: files, mime: mime)
        let body = try JSONParser.parse(hook.body).merging(change)
        return try maileroo.take(StandInHook(hook.headers, body.bytes), access)[0]
    }

    private func asked() -> [String] { standIn.service.requests.map { "\($0.method) \($0.target)" } }

    @Test func `a mail is let in, proven once, and read with its files`() async throws {
        let item = try item(files: [StandInFile("Zoë.pdf", "application/pdf", "%PDF-")])
        #expect(item.key == "i1" && item.type == "inbound" && asked().isEmpty, "the door asks nobody")
        let mail = try await maileroo.mail(item, access)
        #expect(
            asked() == ["GET /files/i1/0", "GET /validate-callback/i1/b71b"], "what proves it is asked last")
        #expect(standIn.service.requests.allSatisfy { $0.header("Authorization") == nil })
        #expect(mail.from?.address.description == "ann@example.com" && mail.subject == "Re: Hello")
        #expect(mail.recipients == ["reply+T@in.acme.test"] && mail.returnPath == "ann@example.com")
        #expect(
            mail.messageID?.description == "a1@example.com" && mail.inReplyTo?.description == "m42@acme.test")
        #expect(mail.references.map(\.description) == ["m1@acme.test", "m42@acme.test"])
        #expect(mail.text.hasPrefix("Yes\n> Hi") && mail.strippedText == "Yes" && mail.html == "<p>Yes</p>")
        #expect(
            mail.attachments.map(\.name) == ["Zoë.pdf"] && mail.attachments[0].bytes == Array("%PDF-".utf8))
        #expect(mail.headers.filter { $0.name == "Received" }.map(\.value) == ["by a", "by b"])
        _ = try await maileroo.mail(item, access)
        #expect(asked().count { $0.contains("validate") } == 1, "one that was proven stays so")
    }

    @Test func `a whole mail is fetched where there is one`() async throws {
        let mime = Array("From: ann@example.com\r\nSubject: Whole\r\n\r\nYes\r\n".utf8)
        let mail = try await maileroo.mail(try item(mime: mime), access)
        #expect(mail.subject == "Whole" && mail.strippedText == "Yes")
        #expect(mail.recipients == ["reply+T@in.acme.test"])
    }

    @Test func `what the service does not know, or has told once, is forged`() async throws {
        standIn.service.next(.answer(200, #"{"success":false}"#))
        await expectForged(try item())
        standIn.service.next(.answer(404))
        await expectForged(try item("i2"))
        standIn.service.next(.answer(302, headers: [("Location", "\(standIn.service.url)/files/x")]))
        await expectForged(try item("i3"))
        let proven = try item("i4")
        _ = try await maileroo.mail(proven, access)
        let another = Maileroo(makeClient(), now: { MailRig.now })
        do {
            _ = try await another.read(proven, access)
            Issue.record("it was proven before")
        } catch MailHookFailure.forged {}
    }

    private func expectForged(_ item: HookItem) async {
        do {
            _ = try await maileroo.read(item, access)
            Issue.record("it was not proven")
        } catch MailHookFailure.forged {} catch { Issue.record("\(error)") }
    }

    @Test func `a proof is asked of the service alone`() async throws {
        let stranger = try ServiceStandIn { _ in StandInAnswer(200, #"{"success":true}"#) }
        for url in [
            "\(stranger.url)/validate",
            "https://127.0.0.1:\(standIn.service.url.split(separator: ":").last!)/x",
            "http://inbound-api.maileroo.net/x", "https://inbound-api.maileroo.net/x", "", "x",
        ] {
            let body = try JSONParser.parse(standIn.inbound("i1", Self.mail).body).merging([
                "validation_url": .string(url)
            ])
            #expect(maileroo.refuses(StandInHook([], body.bytes), access))
            await expectForged(HookItem(body))
        }
        #expect(stranger.connections == 0 && standIn.service.requests.isEmpty)
        let body = try JSONParser.parse(standIn.inbound("i1", Self.mail).body).merging([
            "validation_url": "https://inbound-api.maileroo.net/validate-callback/i1/b71b"
        ])
        let plain = makeAccess("", [:], ["webhook_secret": standIn.secret])
        #expect(try maileroo.take(StandInHook([], body.bytes), plain).map(\.key) == ["i1"], "its own place")
        #expect(maileroo.refuses(standIn.inbound("i1", Self.mail), plain), "which another is not")
    }

    @Test func `a proof that cannot be read makes no forgery, and is asked for again`() async throws {
        let item = try item()
        standIn.service.next(.answer(200, #"{"succ"#), .answer(200, #"{"success":"yes"}"#))
        for _ in 0..<2 {
            do {
                _ = try await maileroo.read(item, access)
                Issue.record("it was not proven")
            } catch MailHookFailure.unreachable {}
        }
        #expect(try await maileroo.mail(item, access).text.hasPrefix("Yes"))
    }

    @Test func `what cannot be had now is asked for again before the proof is used up`() async throws {
        let item = try item(files: [StandInFile("a.pdf", "application/pdf", "%PDF-")])
        standIn.service.next(.answer(503), .answer(429))
        for _ in 0..<2 {
            do {
                _ = try await maileroo.read(item, access)
                Issue.record("a file is missing")
            } catch MailHookFailure.unreachable {}
        }
        #expect(try await maileroo.mail(item, access).attachments.count == 1)
    }

    @Test func `a file is fetched from the service's hosts, and those that the agency names`() async throws {
        let stranger = try ServiceStandIn { _ in StandInAnswer(200, "secret") }
        let file: JSON = [
            ["filename": "a.pdf", "content_type": "application/pdf", "url": .string(stranger.url)]
        ]
        let raw: JSON = ["raw_mime": ["url": .string(stranger.url)]]
        let mail = try await maileroo.mail(try item("i1", ["attachments": file, "body": raw]), access)
        #expect(mail.omittedParts == 1 && mail.attachments.isEmpty && mail.text.hasPrefix("Yes"))
        #expect(stranger.connections == 0)
        standIn.service.next(.answer(404), .answer(410))
        let gone = try item("i3", files: [StandInFile("a.pdf", "application/pdf", "%PDF-")], mime: [1])
        #expect(try await maileroo.mail(gone, access).omittedParts == 1, "it is read without what is gone")
        let large: JSON = [["filename": "a.iso", "size": 99_000_000, "url": .string(stranger.url)]]
        #expect(try await maileroo.mail(try item("i2", ["attachments": large]), access).omittedParts == 1)
    }
}
