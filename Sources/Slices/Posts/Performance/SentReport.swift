internal import JSON
package import Nouns
internal import Records

/// A piece of content that was sent to people, with what they did.
package struct SentPiece: Hashable, Sendable {
    package let item: ContentItemID
    /// The kind of content, such as `case_study`; `nil`: it has none.
    package let type: String?
    /// The number of people who got it, and of those among them who followed a link or answered.
    package let sent: Int, answered: Int

    package init(_ item: ContentItemID, type: String?, sent: Int, answered: Int) {
        (self.item, self.type) = (item, type)
        (self.sent, self.answered) = (sent, min(answered, sent))
    }
}

/// The results of sent pieces beside the others, and the kinds that readers answer more, or less.
struct SentReport: Sendable {
    struct Judged: Sendable {
        let piece: SentPiece
        /// The share that answered of all who got the others; `nil`: too few got them.
        let expected: Double?
        let verdict: PerformanceReport.Verdict
    }

    /// Fewer readers of a piece say nothing of it, and fewer of a kind, or of all others, nothing of the kind.
    private static let sentMin = 20, groupMin = 50
    /// So many readers at the mean of all are added to those of a kind.
    private static let prior = 50.0

    let pieces: [SentPiece]
    let judged: [Judged]
    let suggestions: [PerformanceReport.Suggestion]

    init(_ pieces: [SentPiece]) {
        self.pieces = pieces
        let all = Share(pieces)
        judged = pieces.map { piece in
            let others = all.without(Share([piece]))
            guard piece.sent >= Self.sentMin, others.sent >= Self.groupMin else {
                return Judged(piece: piece, expected: nil, verdict: .unclear)
            }
            return Judged(piece: piece, expected: others.rate, verdict: Share([piece]).beside(others.rate))
        }
        suggestions = Self.suggestions(pieces, all)
    }

    private static func suggestions(_ pieces: [SentPiece], _ all: Share) -> [PerformanceReport.Suggestion] {
        Dictionary(grouping: pieces.filter { $0.type != nil }, by: { $0.type ?? "" }).compactMap {
            type, own -> PerformanceReport.Suggestion? in
            let share = Share(own), others = all.without(share)
            guard share.sent >= groupMin, others.sent >= groupMin, all.rate > 0,
                [.better, .worse].contains(share.beside(others.rate))
            else { return nil }
            let drawn = (Double(share.answered) + prior * all.rate) / (Double(share.sent) + prior)
            return PerformanceReport.Suggestion(
                dimension: "type", key: type, pieces: own.count, lift: drawn / all.rate,
                records: own.map(\.item.keyText), noun: Nouns.ContentItem.noun)
        }.sorted { ($1.strength, $0.key) < ($0.strength, $1.key) }
    }
}

/// The number of people who got something, and the number of them who answered.
private struct Share {
    var sent = 0, answered = 0

    init(_ pieces: [SentPiece]) {
        for piece in pieces {
            sent += piece.sent
            answered += piece.answered
        }
    }

    var rate: Double { sent == 0 ? 0 : Double(answered) / Double(sent) }

    func without(_ part: Share) -> Share {
        var rest = self
        (rest.sent, rest.answered) = (sent - part.sent, answered - part.answered)
        return rest
    }

    /// Returns whether the rate lies off another one by more than chance (Wilson's bounds, 95 %).
    func beside(_ other: Double) -> PerformanceReport.Verdict {
        guard sent > 0 else { return .unclear }
        let count = Double(sent), square = 1.96 * 1.96
        let centre = (rate + square / (2 * count)) / (1 + square / count)
        let width = (square * (rate * (1 - rate) / count + square / (4 * count * count))).squareRoot()
        let half = width / (1 + square / count)
        return centre - half > other ? .better : centre + half < other ? .worse : .asExpected
    }
}

// MARK: The decision

extension SentReport {
    var outcome: JSON {
        .array(
            judged.map { one in
                [
                    "content_item_id": JSON(one.piece.item), "sent": JSON(one.piece.sent),
                    "answered": JSON(one.piece.answered),
                    "rate": .number(Share([one.piece]).rate.rounded4),
                    "expected": one.expected.map { .number($0.rounded4) } ?? .null,
                    "verdict": .string(one.verdict.rawValue),
                ]
            })
    }

    var inputs: JSON {
        .array(pieces.map { [JSON($0.item), JSON($0.type), JSON($0.sent), JSON($0.answered)] })
    }

    init?(inputs: JSON?) {
        guard let rows = inputs?.array else { return nil }
        self.init(
            rows.compactMap { row in
                guard let cells = row.array, cells.count == 4,
                    let item = cells[0].id(of: Nouns.ContentItem.self)
                else { return nil }
                return SentPiece(
                    item, type: cells[1].text, sent: Int(cells[2].int ?? 0),
                    answered: Int(cells[3].int ?? 0))
            })
    }
}
