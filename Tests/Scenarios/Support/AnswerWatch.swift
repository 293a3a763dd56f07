import JSON
import Synchronization
import Testing

/// Checks the answers that the scenarios get anyway: each has a status that the API's description names, and matches
/// its schema. Only the first few answers of an operation are checked, so that it costs next to nothing, and none
/// that is compressed. A replayed answer was checked when it was given, and says nothing of who has been erased since.
final class AnswerWatch: Sendable {
    static let shared = AnswerWatch()

    private let check: SchemaCheck
    /// The operations, by method, number of segments, and what they are about.
    private let operations: [String: [(segments: [Substring], operation: Operation)]]
    private let seen = Mutex<[String: Int]>([:])
    private static let perOperation = 12, bytesMax = 100_000

    private init() {
        let printed = (try? BureauProcess.bare("openapi", "--json").output) ?? ""
        let document = (try? JSONParser.parse(printed)) ?? [:]
        check = SchemaCheck(document: document)
        operations = Dictionary(
            grouping: Operation.all(in: document).map {
                (segments: $0.path.split(separator: "/"), operation: $0)
            }, by: { Self.key($0.operation.method, $0.segments) })
    }

    private static func key(_ method: String, _ segments: [Substring]) -> String {
        let noun = segments.dropFirst().first ?? ""
        return "\(method) \(segments.count) \(noun.hasPrefix("{") ? "" : noun)"
    }

    /// Returns what is wrong with the answer to a request, if anything.
    func look(at answer: Answer, to method: String, _ target: String) {
        guard (200..<300).contains(answer.status), answer.body.count < Self.bytesMax,
            answer.header("Content-Encoding") == nil, answer.header("Idempotency-Replayed") == nil,
            let operation = operation(method, target)
        else { return }
        let key = "\(operation.name) \(answer.status)"
        let count = seen.withLock { seen in
            seen[key, default: 0] += 1
            return seen[key] ?? 0
        }
        guard count <= Self.perOperation else { return }
        guard let response = operation.json["responses"]?["\(answer.status)"] else {
            Issue.record("\(operation) answers \(answer.status), which its description does not name")
            return
        }
        let type = String((answer.header("Content-Type") ?? "").prefix { $0 != ";" })
        guard let media = response["content"]?[type] else {
            let isKnown = answer.body.isEmpty && response["content"] == nil
            let isFile = response["content"]?["application/octet-stream"] != nil
            if !isKnown, !isFile {
                Issue.record(
                    "\(operation) answers \(answer.status) with \(type), which its description does not name")
            }
            return
        }
        guard type == "application/json", let schema = media["schema"] else { return }
        let faults = check.faults(of: answer.json, against: schema)
        if !faults.isEmpty { Issue.record("\(operation): \(faults.prefix(5).joined(separator: "; "))") }
    }

    private func operation(_ method: String, _ target: String) -> Operation? {
        let path = target.prefix { $0 != "?" && $0 != "#" }
        let segments = path.split(separator: "/")
        let fitting = Set([Self.key(method, segments), "\(method) \(segments.count) "]).flatMap {
            operations[$0] ?? []
        }.filter { candidate in
            zip(candidate.segments, segments).allSatisfy { wanted, given in
                guard wanted.hasPrefix("{") else { return wanted == given }
                let end = wanted.drop { $0 != "}" }.dropFirst()
                return end.isEmpty || given.hasSuffix(end)
            }
        }
        // A literal wins over a parameter, as in the router.
        return fitting.max {
            $0.segments.filter { !$0.hasPrefix("{") }.count * 2 + ($0.operation.path.hasSuffix("}") ? 0 : 1)
                < $1.segments.filter { !$0.hasPrefix("{") }.count * 2
                + ($1.operation.path.hasSuffix("}") ? 0 : 1)
        }?.operation
    }
}
