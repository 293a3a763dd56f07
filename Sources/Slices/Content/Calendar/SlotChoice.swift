internal import Agents
internal import JSON
internal import Nouns
internal import Records
internal import Templates

/// The item that fills a slot of the calendar: of those that wait for it, the one that has waited longest.
struct SlotChoice: Sendable {
    static let version = "1"
    /// More of those that wait are not kept with the decision.
    static let waitingMax = 20

    let date: String, audience: String, type: String
    /// The approved items of the slot's type that nothing has taken yet, the oldest first.
    let waiting: [String]

    init(_ slot: CalendarSlot, waiting: some Sequence<ContentItemID>) {
        (date, audience, type) = (slot.date.iso, slot.audience.rawValue, slot.type.rawValue)
        self.waiting = waiting.prefix(Self.waitingMax).map(\.text)
    }

    /// Reads the recorded inputs of a decision.
    init?(json: JSON) {
        guard let date = json["date"]?.text, let audience = json["audience"]?.text,
            let type = json["type"]?.text, let waiting = json["waiting"]?.array
        else { return nil }
        (self.date, self.audience, self.type) = (date, audience, type)
        self.waiting = waiting.compactMap(\.text)
    }

    var chosen: String? { waiting.first }

    var outcome: JSON {
        ["content_item_id": JSON(chosen), "date": .string(date), "audience": .string(audience)]
    }

    /// The conclusion to send what was chosen, which has that title.
    func conclusion(title: String) -> Conclusion {
        let factor: JSON = [
            "name": "waiting", "value": JSON(waiting.count), "weight": 1, "contribution": 1,
        ]
        return Conclusion(
            outcome: outcome, confidence: 1,
            factors: [
                factor.saying("evidence", Saying("evidence.content_slot", ["title": .text(title)]))
            ],
            model: ["name": "rules", "version": .string(Self.version)],
            inputs: [
                "date": .string(date), "audience": .string(audience), "type": .string(type),
                "waiting": JSON(waiting),
            ])
    }
}
