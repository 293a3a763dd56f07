import Glibc
import JSON
import Telemetry
import Testing

@testable import Intelligence

/// The comparison that Benchmarks/replies describes. It needs the data folder; without it there is nothing to
/// run.
private let folder = getenv("BUREAU_DATA_SETS").map { String(cString: $0) }
/// Where the predictions are written, one file for each task, for the data folder's own scorer.
private let output = getenv("BUREAU_PREDICTIONS").map { String(cString: $0) }

@Suite(.enabled(if: folder != nil, "BUREAU_DATA_SETS names no folder"))
struct `Replies beside their peers` {
    private let today = CivilDate(year: 2026, month: 2, day: 10)

    @Test func `meanings are found more often than by the peer`() throws {
        var hits: [String: Int] = [:], counts: [String: Int] = [:]
        var missedWishes = 0, wrongWishes = 0
        var lines = ""
        for row in try rows("replies/dev.jsonl") {
            let set = try #require(row["set"]?.text), label = try #require(row["label"]?.text)
            let meaning = ReplyClassifier.standard.classify(reply(row), on: today).meaning
            let found = Self.name(meaning, in: set)
            counts[set, default: 0] += 1
            if (set == "svara" ? Self.tone[found] : found) == label { hits[set, default: 0] += 1 }
            if label == "unsubscribe", found != label { missedWishes += 1 }
            if set != "svara", label != "unsubscribe", found == "unsubscribe" { wrongWishes += 1 }
            lines += "{\"id\":\"\(row["id"]?.text ?? "")\",\"label\":\"\(found)\"}\n"
        }
        try write(lines, "replies.jsonl")
        let peers = try #require(JSONParser.parse(contents("PEERS.json"))["replies"])
        for (set, count) in counts.sorted(by: { $0.key < $1.key }) {
            let accuracy = Double(hits[set] ?? 0) / Double(count)
            let peer = try #require(peers[set]?["TF-IDF+LR, 4-fold on this file"]?["acc"]?.double)
            print("replies, \(set): accuracy \(accuracy) of \(count), peer (trained on these rows) \(peer)")
            // The third set is for testing alone: nothing here was made from it, and its peer was trained on
            // it.
            if set != "svara" { #expect(accuracy >= peer) }
        }
        #expect(missedWishes == 0)
        #expect(wrongWishes == 0)
    }

    /// The peer was cross-validated on these rows; so here, as a tenant's own corrections would teach.
    @Test func `what people correct teaches tones as well as it teaches the peer`() throws {
        let taught: [String: ReplyClass] = [
            "positive": .interested, "neutral": .question, "negative": .notInterested,
        ]
        let all = try rows("replies/dev.jsonl").filter { $0["set"]?.text == "svara" }
        var seen: [String: Int] = [:]
        // Of each tone, every fourth row lies in the same fold.
        let folds = try all.map { row in
            let label = try #require(row["label"]?.text)
            seen[label, default: 0] += 1
            return seen[label]! % 4
        }
        var hits = 0
        for fold in 0..<4 {
            let corrections = try all.indices.filter { folds[$0] != fold }.map { index in
                try ReplyCorrection(
                    text: #require(all[index]["text"]?.text),
                    meaning: #require(taught[all[index]["label"]?.text ?? ""]))
            }
            let classifier = ReplyClassifier.standard.learning(from: corrections)
            for index in all.indices where folds[index] == fold {
                let meaning = classifier.classify(reply(all[index]), on: today).meaning
                hits += Self.tone[Self.name(meaning, in: "svara")] == all[index]["label"]?.text ? 1 : 0
            }
        }
        let accuracy = Double(hits) / Double(all.count)
        let peers = try #require(JSONParser.parse(contents("PEERS.json"))["replies"])
        let peer = try #require(peers["svara"]?["TF-IDF+LR, 4-fold on this file"]?["acc"]?.double)
        print("replies, svara, taught: accuracy \(accuracy) of \(all.count), peer \(peer)")
        #expect(accuracy > peer)
    }

    @Test func `instructions are found as often as by the peer, with fewer false marks`() throws {
        var marked = 0, right = 0, attacks = 0, lines = ""
        for row in try rows("injection/dev.jsonl") {
            let text = try #require(row["text"]?.text)
            let judgement = InjectionCheck.judge(text)
            let isAttack = row["label"]?.int == 1
            attacks += isAttack ? 1 : 0
            marked += judgement.isSuspicious ? 1 : 0
            right += isAttack && judgement.isSuspicious ? 1 : 0
            lines +=
                "{\"id\":\"\(row["id"]?.text ?? "")\",\"suspicious\":\(judgement.isSuspicious),\"score\":\(judgement.score)}\n"
        }
        try write(lines, "injection.jsonl")
        let precision = Double(right) / Double(marked), recall = Double(right) / Double(attacks)
        let peers = try #require(JSONParser.parse(contents("PEERS.json"))["injection"]?["all"])
        let peer = try #require(peers["TF-IDF+LR, 5-fold on this file"])
        let score = 2 * precision * recall / (precision + recall)
        print("injection: precision \(precision), recall \(recall), F1 \(score); peer \(peer)")
        #expect(try score >= #require(peer["f1"]?.double))
        #expect(try precision >= #require(peer["precision"]?.double))
    }

    /// The data knows seven classes: an objection and a `not now` are refusals there.
    private static func name(_ meaning: ReplyClass, in set: String) -> String {
        switch meaning {
        case .objection: "not_interested"
        // Among three tones, later is neither yes nor no.
        case .notNow: set == "svara" ? "out_of_office" : "not_interested"
        case .other: "question"
        default: meaning.rawValue
        }
    }

    private static let tone = [
        "interested": "positive", "question": "neutral", "out_of_office": "neutral", "referral": "negative",
        "not_interested": "negative", "unsubscribe": "negative", "bounce": "negative",
    ]

    // MARK: Files

    /// As much of RFC 5322 as the raw rows need; the product's reader of mail is another module's.
    private func reply(_ row: JSON) -> ReplyText {
        guard let raw = row["raw"]?.text else {
            return ReplyText(text: row["text"]?.text ?? "", subject: row["subject"]?.text ?? "")
        }
        let lines = raw.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        let end = lines.firstIndex(of: "") ?? lines.count
        var headers: [(name: String, value: String)] = []
        for line in lines[..<end] {
            if line.first == " " || line.first == "\t" {
                if !headers.isEmpty {
                    headers[headers.count - 1].value += " " + line.drop { $0 == " " || $0 == "\t" }
                }
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                headers.append((String(line[..<colon]), String(value)))
            }
        }
        let subject = headers.first { $0.name.lowercased() == "subject" }?.value ?? ""
        return ReplyText(text: lines[end...].joined(separator: "\n"), subject: subject, headers: headers)
    }

    private func rows(_ file: String) throws -> [JSON] {
        try contents(file).split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse(Array($0)) }
    }

    private func contents(_ file: String) throws -> [UInt8] {
        let stream = try #require(fopen("\(folder!)/\(file)", "rb"), "\(file)")
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    private func write(_ text: String, _ file: String) throws {
        guard let output else { return }
        let stream = try #require(fopen("\(output)/\(file)", "wb"), "\(file)")
        defer { fclose(stream) }
        fputs(text, stream)
    }
}
