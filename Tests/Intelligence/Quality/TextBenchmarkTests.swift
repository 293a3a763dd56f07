import JSON
import Testing

@testable import Intelligence

@Suite(.enabled(if: DataFolder.present != nil, "BUREAU_DATA_SETS names no folder"))
struct `Readers of short texts beside their peers` {
    @Test func `tones are heard better than by the peer`() throws {
        let folder = try #require(DataFolder.present)
        let peers = try folder.peers("sentiment")
        var tones: [String: ToneScore] = [:], lines = ""
        for row in try folder.rows("sentiment/dev.jsonl") {
            let set = try #require(row["set"]?.text), label = try #require(row["label"]?.text)
            let found = try Sentiment.read(#require(row["text"]?.text))
            // Reviews know no middle; the sign decides.
            let tone = set == "reviews" ? (found.score > 0 ? "positive" : "negative") : found.tone.rawValue
            tones[set, default: ToneScore()].count(tone, is: label)
            lines +=
                "{\"id\":\"\(row["id"]?.text ?? "")\",\"label\":\"\(found.tone.rawValue)\",\"score\":\(found.score)}\n"
        }
        try DataFolder.write(lines, "sentiment.jsonl")
        for (set, score) in tones.sorted(by: { $0.key < $1.key }) {
            let peer = try #require(peers[set]?["vaderSentiment 3.3.2"])
            let (accuracy, f1) = (score.accuracy, score.macroF1)
            print("sentiment, \(set): accuracy \(accuracy), macro F1 \(f1), VADER \(peer)")
            #expect(try accuracy > #require(peer["acc"]?.double))
            #expect(try f1 > #require(peer["macro_f1"]?.double))
        }
    }

    @Test func `categories are learned from a set's examples`() throws {
        let folder = try #require(DataFolder.present)
        let training = try folder.rows("triage/dev_train.jsonl")
        let peers = try folder.peers("triage")
        var lines = ""
        for set in ["banking77", "bitext"] {
            let examples: [(text: String, label: String, weight: Float)] = training.compactMap { row in
                guard row["set"]?.text == set, let text = row["text"]?.text, let label = row["label"]?.text
                else { return nil }
                return (text, label, 1)
            }
            let categories = TextCategories(examples)
            var hits = 0, count = 0
            for row in try folder.rows("triage/dev_test.jsonl") where row["set"]?.text == set {
                let found = try categories.judge(ReadText(#require(row["text"]?.text)))
                hits += found.label == row["label"]?.text ? 1 : 0
                lines +=
                    "{\"id\":\"\(set)-\(count)\",\"label\":\"\(found.label)\",\"confidence\":\(found.confidence)}\n"
                count += 1
            }
            let accuracy = Double(hits) / Double(count)
            let peer = try #require(peers[set]?["TF-IDF(word+char)+LR"]?["acc"]?.double)
            print("triage, \(set): accuracy \(accuracy) of \(count), peer \(peer)")
            #expect(accuracy > peer)
        }
        try DataFolder.write(lines, "triage.jsonl")
    }

    @Test func `urgency is told within one level, and nothing urgent is missed`() throws {
        let folder = try #require(DataFolder.present)
        var lines = ""
        for row in try folder.rows("priority/dev.jsonl") {
            let level = try #require(row["label"]?.int)
            let text = try #require(row["text"]?.text)
            let found = TicketReader.standard.read(text).urgency.value.rawValue
            #expect(abs(found - Int(level)) <= 1, "\(text)")
            if level == 1 { #expect(found == 1, "\(text)") }
            lines += "{\"id\":\"\(row["id"]?.text ?? "")\",\"priority\":\(found)}\n"
        }
        try DataFolder.write(lines, "priority.jsonl")
    }

    @Test func `languages are guessed in most sentences`() throws {
        let folder = try #require(DataFolder.present)
        var hits: [String: Int] = [:], counts: [String: Int] = [:], lines = ""
        for row in try folder.rows("language/dev.jsonl") {
            let set = try #require(row["set"]?.text)
            let found = try LanguageGuess.of(#require(row["text"]?.text)).language ?? ""
            counts[set, default: 0] += 1
            hits[set, default: 0] += found == row["label"]?.text ? 1 : 0
            lines += "{\"id\":\"\(row["id"]?.text ?? "")\",\"lang\":\"\(found)\"}\n"
        }
        try DataFolder.write(lines, "language.jsonl")
        let peers = try folder.peers("language")
        for (set, count) in counts.sorted(by: { $0.key < $1.key }) {
            let accuracy = Double(hits[set] ?? 0) / Double(count)
            print("language, \(set): accuracy \(accuracy) of \(count)")
            for peer in ["langid 1.1.6", "langdetect 1.0.9"] {
                #expect(try accuracy > #require(peers[set]?[peer]?["acc"]?.double))
            }
        }
    }
}

/// Right and wrong tones of one set.
private struct ToneScore {
    private var found: [String: Int] = [:], wanted: [String: Int] = [:], right: [String: Int] = [:]

    mutating func count(_ tone: String, is label: String) {
        found[tone, default: 0] += 1
        wanted[label, default: 0] += 1
        right[label, default: 0] += tone == label ? 1 : 0
    }

    var accuracy: Double {
        Double(right.values.reduce(0, +)) / Double(wanted.values.reduce(0, +))
    }

    /// The mean over the tones that occur.
    var macroF1: Double {
        let sum = wanted.reduce(0.0) { sum, row in
            sum + 2 * Double(right[row.key] ?? 0) / Double(row.value + (found[row.key] ?? 0))
        }
        return sum / Double(wanted.count)
    }
}
