import JSON
import Testing

@testable import Intelligence

@Suite(.enabled(if: DataFolder.present != nil, "BUREAU_DATA_SETS names no folder"))
struct `Requests for a person beside their peers` {
    @Test func `requests are found as often as by the peer that learned from these rows`() throws {
        let folder = try #require(DataFolder.present)
        var score = YesNoScore(), lines = ""
        let clock = ContinuousClock()
        var turns: [(id: String, text: String, label: Bool)] = []
        for row in try folder.rows("handover/dev.jsonl") {
            try turns.append(
                (
                    #require(row["id"]?.text), #require(row["text"]?.text), row["label"]?.int == 1
                ))
        }
        _ = HandoverReader.read("a person")
        let begun = clock.now
        for turn in turns {
            let found = HandoverReader.read(turn.text).asksForPerson
            score.count(found, is: turn.label)
            lines += "{\"id\":\"\(turn.id)\",\"handover\":\(found)}\n"
        }
        let rate = Double(turns.count) / ((clock.now - begun) / .seconds(1))
        try DataFolder.write(lines, "handover.jsonl")
        print(
            "handover: precision \(score.precision), recall \(score.recall), F1 \(score.f1); \(Int(rate))/s")
        let peer = try #require(folder.peers("handover")["all"]?["TF-IDF+LR, 5-fold on this file"])
        #expect(try score.f1 >= #require(peer["f1"]?.double))
        #expect(try score.recall >= #require(peer["recall"]?.double))
    }
}
