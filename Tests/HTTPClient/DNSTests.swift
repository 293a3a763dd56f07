import StandIns
import Testing

@testable import HTTPClient

@Suite struct DNSTests {
    private func client(_ servers: DNSStandIn..., deadline: Duration = .seconds(10)) -> DNSClient {
        DNSClient(servers: servers.map { .init(IPAddress("127.0.0.1")!, port: $0.port) }, deadline: deadline)
    }

    @Test func `records are read as they stand there`() async throws {
        let server = try DNSStandIn { question in
            switch (question.name, question.type) {
            case ("_dmarc.example.com", 16):
                .records([
                    .cname("other.example.com"), .txt(["v=DMARC1; ", "p=none"]), .txt(["Zoë", ""]), .txt([]),
                ])
            case ("example.com", 15): .records([.mx(20, "MX2.example.com"), .mx(10, "mx1.example.com")])
            case ("none.example.com", 15): .records([.mx(0, "")])
            case ("example.com", 1): .records([.a(192, 0, 2, 1), .a(192, 0, 2, 2)])
            case ("example.com", 28):
                .records([.aaaa([0x20, 1, 0xd, 0xb8] + Array(repeating: 0, count: 11) + [1])])
            case ("four.example.com", 1): .records([.a(192, 0, 2, 4)])
            case ("1.2.0.192.in-addr.arpa", 12): .records([.ptr("mail.example.com")])
            case ("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", 12):
                .records([.ptr("six.example.com")])
            default: .records([])
            }
        }
        let client = client(server)
        #expect(try await client.txt("_dmarc.example.com") == ["v=DMARC1; p=none", "Zoë", ""])
        let exchanges = try await client.mx("example.com.")
        #expect(exchanges.map(\.host) == ["mx1.example.com", "mx2.example.com"])
        #expect(exchanges.map(\.preference) == [10, 20])
        #expect(try await client.mx("none.example.com") == [DNSMailExchange(preference: 0, host: "")])
        #expect(
            try await client.addresses("example.com").map(\.description) == [
                "192.0.2.1", "192.0.2.2", "2001:db8::1",
            ])
        #expect(try await client.addresses("four.example.com").map(\.description) == ["192.0.2.4"])
        #expect(try await client.pointer(IPAddress("192.0.2.1")!) == ["mail.example.com"])
        #expect(try await client.pointer(IPAddress("2001:db8::1")!) == ["six.example.com"])
    }

    @Test func `what is not there is told apart from what cannot be known`() async throws {
        let server = try DNSStandIn { question in
            switch question.name {
            case "none.example": .code(3)
            case "broken.example": .code(2)
            case "refused.example": .code(5)
            case "silent.example": .silence
            case "alias.example": .records([.cname("elsewhere.example")])
            default: .records([])
            }
        }
        let client = client(server, deadline: .milliseconds(300))
        for (name, error) in [
            ("none.example", DNSError.noSuchDomain), ("broken.example", .serverFailure),
            ("refused.example", .serverFailure), ("silent.example", .timeout), ("alias.example", .noData),
            ("empty.example", .noData),
        ] {
            await #expect(throws: error, "\(name)") { try await client.txt(name) }
            await #expect(throws: error, "\(name)") { try await client.addresses(name) }
        }
        let nobody = DNSClient(servers: [.init(IPAddress("127.0.0.1")!, port: 1)])
        await #expect(throws: DNSError.serverFailure) { try await nobody.mx("example.com") }
    }

    @Test func `an answer that a datagram cannot hold comes by a stream`() async throws {
        let texts = (0..<200).map { "text \($0) " + String(repeating: "x", count: 200) }
        let server = try DNSStandIn { _ in .cut(texts.map { .txt([$0]) }) }
        #expect(try await client(server).txt("example.com") == texts)
        #expect(server.questions.map(\.isStream) == [false, true])
    }

    @Test func `a server that does not answer is passed over`() async throws {
        let silent = try DNSStandIn { _ in .silence }
        let broken = try DNSStandIn { _ in .code(2) }
        let good = try DNSStandIn { _ in .records([.txt(["yes"])]) }
        #expect(try await client(broken, silent, good, deadline: .seconds(2)).txt("example.com") == ["yes"])
        #expect((broken.questions.count, silent.questions.count, good.questions.count) == (1, 1, 1))
    }

    @Test func `an answer that was lost is asked for again`() async throws {
        let count = Shared(0)
        let server = try DNSStandIn { _ in
            count.change { $0 += 1 }
            return count.value == 1 ? .silence : .records([.txt(["yes"])])
        }
        #expect(try await client(server, deadline: .milliseconds(800)).txt("example.com") == ["yes"])
    }

    @Test func `an answer to something else is not believed`() async throws {
        let server = try DNSStandIn { _ in .afterForgeries([.txt(["true"])]) }
        #expect(try await client(server).txt("example.com") == ["true"])
    }

    @Test(
        arguments: [
            [], [0xC0], [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 9, 1],
            [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 2, 9, 9],
            [0xC0, 0x1D, 0, 15, 0, 1, 0, 0, 0, 0, 0, 4, 0, 1, 0xC0, 0x29],
        ] as [[UInt8]])
    func `an answer that is none does no harm`(_ bytes: [UInt8]) async throws {
        let server = try DNSStandIn { _ in .bytes(bytes) }
        let client = client(server)
        await #expect(throws: DNSError.self) { try await client.txt("example.com") }
        await #expect(throws: DNSError.self) { try await client.mx("example.com") }
    }

    @Test(arguments: [
        "", ".", "a..b", "exa mple.com", "zoë.example", "a\u{0}.b", String(repeating: "a", count: 64),
        "a\\.b",
    ])
    func `a name that is none is not asked for`(_ name: String) async throws {
        let server = try DNSStandIn { _ in .records([]) }
        await #expect(throws: DNSError.invalidName) { try await client(server).txt(name) }
        #expect(server.questions.isEmpty)
    }

    @Test func `many questions at once are answered each with its own`() async throws {
        let server = try DNSStandIn { .records([.txt([$0.name])]) }
        let client = client(server)
        let answers = try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
            for index in 0..<200 { group.addTask { (index, try await client.txt("n\(index).example")) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 200)
        #expect(answers.allSatisfy { $0.1 == ["n\($0.0).example"] })
    }

    @Test func `who loses interest need not wait`() async throws {
        let reached = Signal()
        let server = try DNSStandIn { _ in
            reached.open()
            return .silence
        }
        let client = client(server, deadline: .seconds(20))
        let task = Task { try await client.txt("example.com") }
        await onThread { reached.wait() }
        task.cancel()
        await #expect(throws: DNSError.cancelled) { try await task.value }
    }
}
