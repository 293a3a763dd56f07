import Foundation
import Glibc
import JSON
import Synchronization
import TestRandomness
import Testing

/// Sends random requests to the real binary, the same for the same seed: `make fuzz ARGS="SEED COUNT SECONDS"`. Each
/// is answered once, none with a fault of our own, and the server goes on.
@Suite(.ownThread) struct Fuzzing {
    private static let arguments = (ProcessInfo.processInfo.environment["BUREAU_FUZZ"] ?? "")
        .split(separator: " ").compactMap { UInt64($0) }
    private static let seed = arguments.first ?? 1
    private static let count = arguments.dropFirst().first.map { Int($0) } ?? 300
    private static let end = ContinuousClock.now + .seconds(Int(arguments.dropFirst(2).first ?? 600))

    /// Runs `body` for each number, until the time is over.
    private func rounds(_ body: (inout Chance, Int) throws -> Void) throws {
        for number in 0..<Self.count where ContinuousClock.now < Self.end {
            var chance = Chance(
                numbers: SeededGenerator(Self.seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(number)))
            try body(&chance, number)
        }
    }

    @Test func `bodies of every route are answered without a fault of our own`() throws {
        let server = BureauProcess.shared
        let agency = try server.quietAgency()
        let operations = try FuzzedOperation.all(of: server)
        let changing = operations.filter { !$0.fields.isEmpty && $0.isForAgencies }
        try #require(changing.count > 50)
        try rounds { chance, number in
            guard let operation = changing.randomElement(using: &chance) else { return }
            var body: JSONObject = [:]
            for field in operation.fields where Int.random(in: 0..<3, using: &chance) > 0 {
                body[field] = chance.value(depth: 0)
            }
            if Int.random(in: 0..<6, using: &chance) == 0 { body[chance.text()] = chance.value(depth: 0) }
            var bytes = JSON.object(body).bytes
            if Int.random(in: 0..<5, using: &chance) == 0, !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &chance)] = UInt8.random(
                    in: 0...255, using: &chance)
            }
            let path = operation.path(&chance)
            let answer = try agency.owner.request(
                operation.method, path, raw: bytes, headers: ["Content-Type": "application/json"])
            check(
                answer, "\(operation.method) \(path) \(String(decoding: bytes.prefix(500), as: UTF8.self))",
                number)
        }
        try agency.owner.get("/v1/me").ok()
    }

    @Test func `queries of every list are answered without a fault of our own`() throws {
        let server = BureauProcess.shared
        let agency = try server.quietAgency()
        let reading = try FuzzedOperation.all(of: server).filter {
            $0.method == "GET" && $0.isForAgencies && !$0.streams && !$0.isPage
        }
        try rounds { chance, number in
            guard let operation = reading.randomElement(using: &chance) else { return }
            var items: [String] = []
            for _ in 0..<Int.random(in: 0...4, using: &chance) {
                let name = operation.parameters.randomElement(using: &chance) ?? chance.text()
                let filter = ["", "[gte]", "[ne]", "[", "[lt]"].randomElement(using: &chance)!
                items.append(escaped(name + filter) + "=" + escaped(chance.text()))
            }
            let path = operation.path(&chance) + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
            check(try agency.owner.get(path), "GET \(path)", number)
        }
        try agency.owner.get("/v1/me").ok()
    }

    @Test func `mangled heads and chunks are answered once each, and nothing runs after them`() throws {
        let server = BureauProcess.shared
        let agency = try server.quietAgency()
        let body = JSON.object(["company": "Fuzz"]).bytes
        let start =
            "POST /v1/leads HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer \(agency.token)\r\n"
            + "Content-Type: application/json\r\n"
        let sound: [[UInt8]] = [
            Array("\(start)Content-Length: \(body.count)\r\n\r\n".utf8) + body,
            Array("\(start)Transfer-Encoding: chunked\r\n\r\n\(String(body.count, radix: 16))\r\n".utf8)
                + body
                + Array("\r\n0\r\n\r\n".utf8),
        ]
        try rounds { chance, number in
            var bytes = sound.randomElement(using: &chance)!
            for _ in 0..<Int.random(in: 1...3, using: &chance) { chance.numbers.mangle(&bytes) }
            // A head that never ends is only answered after a quarter of a minute.
            let connection = try Connection(port: server.port, patience: 3)
            guard (try? connection.send(bytes)) != nil else { return }
            connection.endSending()
            var answers: [Answer] = []
            while let answer = try? connection.receive() { answers.append(answer) }
            for answer in answers {
                check(answer, "\(String(decoding: bytes, as: UTF8.self).debugDescription)", number)
            }
            // One request was sent: a second answer would mean that a part of it was run as another request.
            #expect(
                answers.count <= 1 || answers.last?.status == 400,
                "seed \(Self.seed), round \(number): \(answers.map(\.status))")
        }
        try agency.owner.get("/v1/me").ok()
    }

    private func check(_ answer: Answer, _ request: String, _ number: Int) {
        let place = "seed \(Self.seed), round \(number): \(request)"
        #expect(answer.status != 500, "\(place): \(answer)")
        guard answer.status >= 400 else { return }
        #expect(
            answer.header("Content-Type")?.hasPrefix("application/problem+json") == true,
            "\(place): \(answer)")
    }
}

/// An operation of the API, as the API's description has it.
private struct FuzzedOperation {
    let method: String, pattern: String
    let fields: [String], parameters: [String]
    /// Whether its answer goes on, and whether it is a page for people.
    let streams: Bool, isPage: Bool

    /// Whether the operation concerns the agency only, and does not end the session.
    var isForAgencies: Bool {
        pattern.hasPrefix("/v1/")
            && !["/v1/auth", "/v1/admin", "/v1/hooks", "/v1/chat"].contains { pattern.hasPrefix($0) }
    }

    static func all(of server: BureauProcess) throws -> [FuzzedOperation] {
        let document = try server.anonymous.get("/openapi.json").ok()
        let schemas = document["components"]?["schemas"]
        return (document["paths"]?.object?.members ?? []).flatMap { pattern, methods in
            (methods.object?.members ?? []).compactMap { method, operation -> FuzzedOperation? in
                guard ["get", "post", "patch", "put", "delete"].contains(method) else { return nil }
                let schema = operation["requestBody"]?["content"]?["application/json"]?["schema"]
                let name = schema?["$ref"]?.text?.split(separator: "/").last.map(String.init)
                let body = name.flatMap { schemas?[$0] } ?? schema
                let parameters = operation["parameters"]?.array ?? []
                let kinds = (operation["responses"]?.object?.members ?? []).flatMap {
                    $0.value["content"]?.object?.keys ?? []
                }
                return FuzzedOperation(
                    method: method.uppercased(), pattern: pattern,
                    fields: body?["properties"]?.object?.keys ?? [],
                    parameters: parameters.filter { $0["in"] == "query" }.map { $0.text("name") },
                    streams: kinds.contains("text/event-stream"), isPage: kinds.contains("text/html"))
            }
        }
    }

    func path(_ chance: inout Chance) -> String {
        pattern.split(separator: "/").reduce(into: "") { path, segment in
            path += "/" + (segment.hasPrefix("{") ? escaped(chance.identifier()) : String(segment))
        }
    }
}

/// Random parts of requests.
private struct Chance: RandomNumberGenerator {
    var numbers: SeededGenerator

    mutating func next() -> UInt64 { numbers.next() }

    private static let texts = [
        "", " ", "a", "null", "0", "-1", "true", "a\r\nb", "\u{0}", "\u{FFFE}", "\u{1FFFE}", "\u{202E}abc",
        "é", "😀",
        "{{lead.name}}", "{% for x in y %}", "'; --", "<script>", "../../etc", "%00", "2026-02-30",
        "9999-12-31T23:59:60Z",
        "P1Y", "P99999999999D", "* * * * *", "@", "a@b", "x@example.com", "http://", "http://127.0.0.1",
        "+49", "DE", "USD",
        "1e400", "18446744073709551616", String(repeating: "x", count: 300),
        String(repeating: "漢", count: 3000),
    ]
    private static let prefixes = [
        "lead", "deal", "msg", "client", "conv", "tic", "wf", "wfr", "job", "run", "dec", "apr", "bud",
        "file", "inv",
    ]

    mutating func text() -> String { Self.texts.randomElement(using: &self)! }

    mutating func identifier() -> String {
        let prefix = Self.prefixes.randomElement(using: &self)!
        return Bool.random(using: &self)
            ? "\(prefix)_01890000000070008000000000" : text().isEmpty ? "x" : "\(prefix)_\(text())"
    }

    mutating func value(depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 3 ? 7 : 9), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .integer([0, 1, -1, 100, .max, .min, 4_000_000_000].randomElement(using: &self)!)
        case 3: return .number([0.5, -1e300, 1e-300, 3.25].randomElement(using: &self)!)
        case 4: return .string(identifier())
        case 5, 6: return .string(text())
        case 7: return .array((0..<Int.random(in: 0...3, using: &self)).map { _ in value(depth: depth + 1) })
        default:
            var object: JSONObject = [:]
            for _ in 0..<Int.random(in: 0...3, using: &self) { object[text()] = value(depth: depth + 1) }
            if Bool.random(using: &self) { (object["amount"], object["currency"]) = (.integer(1), "USD") }
            return .object(object)
        }
    }
}
