import StandIns
import Testing

@testable import HTTPClient

/// Mails are read from mailboxes of a real server.
@Suite struct IMAPTests {
    private static let password = MailCredentials.password(user: DovecotServer.user, DovecotServer.password)

    private func open(
        _ server: DovecotServer, _ folder: String = "INBOX", as credentials: MailCredentials = password,
        readOnly: Bool = false, isSecureAtOnce: Bool = false,
        client: IMAPClient = IMAPClient(mailConfiguration())
    ) async throws -> IMAPMailbox {
        let url =
            isSecureAtOnce
            ? "imaps://mail.example:\(server.securePort)" : "imap://mail.example:\(server.port)"
        let place = try MailServer(url, certificates: server.certificate.path)
        return try await client.open(folder, on: place, as: credentials, readOnly: readOnly)
    }

    private func mail(_ subject: String, size: Int = 10) -> [UInt8] {
        Array("Subject: \(subject)\r\n\r\n\(String(repeating: "x", count: size))\r\n".utf8)
    }

    @Test func `new mails are found, each once, and come whole`() async throws {
        let server = try DovecotServer()
        let writing = try await open(server)
        let first =
            Array(
                "Subject: Zoë\r\n\r\n(a {3}\r\nb) \"c\\ \"\r\n* 1 EXISTS\r\nB1 OK\r\n\r\n".utf8) + [
                0xFF, 0x0D, 0x0A,
            ]
        #expect(try await writing.append(first, to: "INBOX", isSeen: false) == 1)
        #expect(try await writing.append(mail("2"), to: "INBOX", isSeen: true) == 2)
        let reading = try await open(server, readOnly: true, isSecureAtOnce: true)
        #expect((reading.state.count, reading.state.nextUID) == (2, 3))
        #expect(reading.state.validity == writing.state.validity)
        #expect(try await reading.uids(above: 0) == [1, 2])
        #expect(try await reading.uids(above: 1) == [2])
        // The server finds the last one here.
        #expect(try await reading.uids(above: 2) == [])
        #expect(try await reading.uids(above: .max) == [])
        let mail = try #require(try await reading.fetch(1, sizeMax: 1000))
        #expect(mail.bytes == first)
        #expect(!mail.flags.contains("\\Seen"))
        #expect(try await reading.fetch(2, sizeMax: 1000)?.flags.contains("\\Seen") == true)
        #expect(try #require(mail.receivedAt) > internalDate("17-Jul-2025 02:44:25 -0700")!)
        #expect(try await reading.fetch(3, sizeMax: 1000) == nil)
        // To have been read does not mark it.
        #expect(try await reading.fetch(1, sizeMax: 1000)?.flags.contains("\\Seen") == false)
        #expect(try await writing.append(self.mail("3"), to: "INBOX") == 3)
        #expect(try await reading.uids(above: 2) == [3])
    }

    @Test func `a mail is marked, moved, and as large as it may be`() async throws {
        let server = try DovecotServer()
        let inbox = try await open(server)
        let large = mail("large", size: 3_000_000)
        for bytes in [mail("1"), large] { try await inbox.append(bytes, to: "INBOX", isSeen: false) }
        try await inbox.markSeen(1)
        #expect(try await inbox.fetch(1, sizeMax: 1000)?.flags.contains("\\Seen") == true)
        await #expect(throws: IMAPError.fault(.tooLarge(limit: 2_999_999))) {
            try await inbox.fetch(2, sizeMax: 2_999_999)
        }
        #expect(try await inbox.fetch(2, sizeMax: 3_100_000)?.bytes == large)
        let error = await #expect(throws: IMAPError.self) { try await inbox.move(1, to: "Erledigt & Größe") }
        guard case .refused(code: "TRYCREATE", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try await inbox.create("Erledigt & Größe")
        try await inbox.move(1, to: "Erledigt & Größe")
        #expect(try await inbox.uids(above: 0) == [2])
        let folders = try await inbox.folders()
        #expect(folders.map(\.name).sorted() == ["Erledigt & Größe", "INBOX", "Sent"])
        #expect(folders.first { $0.attributes.contains("\\Sent") }?.name == "Sent")
        #expect(try await inbox.append(Array("a\nb".utf8), to: "Sent") == 1)
        let done = try await open(server, "Erledigt & Größe")
        #expect(try await done.fetch(1, sizeMax: 1000)?.bytes == mail("1"))
        #expect(try await open(server, "Sent").fetch(1, sizeMax: 1000)?.bytes == Array("a\r\nb\r\n".utf8))
    }

    @Test func `a folder that was opened to read is not changed`() async throws {
        let server = try DovecotServer()
        let inbox = try await open(server, readOnly: true)
        try await inbox.append(mail("1"), to: "INBOX", isSeen: false)
        _ = try await inbox.uids(above: 0)
        await #expect(throws: IMAPError.self) { try await inbox.markSeen(1) }
        await #expect(throws: IMAPError.self) { try await inbox.move(1, to: "Sent") }
        #expect(try await inbox.fetch(1, sizeMax: 1000)?.flags.contains("\\Seen") == false)
    }

    @Test func `who is not known is told so, with the reason`() async throws {
        let server = try DovecotServer()
        for isSecureAtOnce in [true, false] {
            for wrong in [
                MailCredentials.password(user: DovecotServer.user, "other"),
                .bearer(user: DovecotServer.tokenUser, token: "old"),
            ] {
                let error = await #expect(throws: IMAPError.self) {
                    try await open(server, as: wrong, isSecureAtOnce: isSecureAtOnce)
                }
                guard case .signInRefused(let text) = error else {
                    Issue.record("\(wrong), \(isSecureAtOnce): \(String(describing: error))")
                    continue
                }
                if case .bearer = wrong { #expect(text.contains(#""status":"401""#)) }
            }
        }
        let token = MailCredentials.bearer(user: DovecotServer.tokenUser, token: DovecotServer.token)
        #expect(try await open(server, as: token).state.count == 0)
    }

    @Test func `a folder that is not there is refused, and says so`() async throws {
        let server = try DovecotServer()
        let error = await #expect(throws: IMAPError.self) { try await open(server, "None") }
        guard case .refused(_, let text) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.contains("doesn't exist"))
    }

    @Test func `many folders are read at once, up to the limit`() async throws {
        let server = try DovecotServer()
        let client = IMAPClient(mailConfiguration(), connectionsMax: 3)
        let first = try await open(server, client: client)
        try await first.append(mail("1"), to: "INBOX")
        let others = [try await open(server, client: client), try await open(server, client: client)]
        await #expect(throws: IMAPError.fault(.busy)) { try await open(server, client: client) }
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            for mailbox in others + [first] {
                for _ in 0..<10 { group.addTask { try await mailbox.fetch(1, sizeMax: 1000)?.bytes } }
            }
            for try await bytes in group { #expect(bytes == mail("1")) }
        }
    }
}
