internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing

/// `/v1/sequences/{id}/figures`: how a sequence does.
func sequenceFigureRoutes(_ routes: inout Routes) {
    routes.schema("SequenceFigures", SequenceFigures.schema)
    // They count everybody, whoever asks.
    routes.closeToLimited("GET /v1/sequences/{id}/figures")
    routes.get(
        "/v1/sequences/{id}/figures", .permission("sequences:read"), "Get the metrics of a sequence",
        named: "get_sequence_figures", .json(.reference("SequenceFigures"), "The figures.")
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: MessageSequence.self)
        return .read { reader in
            _ = try MessageSequence.resource.get(id, in: reader)
            return .json(try reader.sequences.figures(of: id).json)
        }
    }
}

extension SequenceFigures {
    private func count(_ figure: Figure) -> Int { counts[figure] ?? 0 }

    /// A share of messages or of people; null as long as there are none.
    private func share(_ part: Figure, of whole: Figure) -> JSON {
        let all = count(whole)
        return all == 0 ? .null : .number(Double(min(count(part), all)) / Double(all))
    }

    fileprivate var json: JSON {
        var object = JSONObject(Figure.allCases.map { ($0.rawValue, JSON(count($0))) })
        // A channel that tells of no arrival says nothing about its rate.
        let isTold = count(.delivered) + count(.bounced) > 0
        object["delivery_rate"] = isTold ? share(.delivered, of: .sent) : .null
        object["open_rate"] = share(.opened, of: .sent)
        object["click_rate"] = share(.clicked, of: .sent)
        object["response_rate"] = share(.replied, of: .sent)
        object["conversion_rate"] = share(.converted, of: .contacted)
        object["exited"] = .object(
            JSONObject(exited.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
        return .object(object)
    }

    fileprivate static let schema: JSON = {
        let counts: JSONObject = [
            "enrolled": "How many have begun with it.", "contacted": "To how many of them a step was sent.",
            "sent": "How many messages have left.", "delivered": "How many of them have arrived.",
            "bounced": "How many of them came back.", "opened": "How many of them people opened.",
            "machine_opened": "How many of them programs opened, which counts for nothing else.",
            "clicked": "Of how many of them a link was followed.",
            "replied": "How many of them were answered.",
            "converted": "How many of those who were written to have become clients since.",
        ]
        let rates: JSONObject = [
            "delivery_rate": "The share of messages that have arrived; null where no arrival is told.",
            "open_rate": "The share of messages that people opened.",
            "click_rate": "The share of messages of which a link was followed.",
            "response_rate": "The share of messages that were answered.",
            "conversion_rate": "The share of those who were written to who have become clients since.",
        ]
        var members: JSONObject = [:]
        for (name, text) in counts.members { members[name] = ["type": "integer", "description": text] }
        for (name, text) in rates.members {
            members[name] = ["type": ["number", "null"], "description": text]
        }
        members["exited"] = [
            "type": "object", "additionalProperties": ["type": "integer"],
            "description": "How many have left it before its end, by reason.",
        ]
        return .schema(members, required: members.keys.sorted())
    }()
}
