import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Messages
@testable import Sequences

private func condition(_ json: JSON) throws -> StepCondition { try #require(StepCondition(json: json)) }

private func plan(_ ids: [String]) -> SequencePlan {
    let steps = ids.map { id -> JSON in
        ["id": .string(id), "channel": "task", "delay": "P2D", "title": .string(id)]
    }
    return SequencePlan(["steps": .array(steps)])
}

struct SequenceSteps {
    @Test func `a condition compares what is known of the lead`() throws {
        let lead: JSONObject = [
            "score": 70, "industry": "Retail", "tags": ["gold"],
            "budget": ["amount": 500_000, "currency": "USD"],
            "custom": ["seats": 4, "till.system": "Kasse", "trade": "MÖBEL"], "notes": nil, "offices": [],
            "qualified_at": "2027-01-05T10:00:00.000Z",
        ]
        let cases: [(JSON, Bool)] = [
            (["field": "score", "op": "gte", "value": 70], true),
            (["field": "score", "op": "gt", "value": 70], false),
            (["field": "score", "op": "lt", "value": 70.5], true),
            (["field": "industry", "op": "eq", "value": "retail"], true),
            (["field": "industry", "op": "ne", "value": "retail"], false),
            (["field": "tags", "op": "contains", "value": "Gold"], true),
            (["field": "industry", "op": "contains", "value": "tai"], true),
            (["field": "budget.amount", "op": "gt", "value": 400_000], true),
            (["field": "custom.seats", "op": "lte", "value": 4], true),
            (["field": "notes", "op": "exists", "value": true], false),
            (["field": "notes", "op": "exists", "value": false], true),
            (["field": "absent", "op": "gt", "value": 1], false),
            (["field": "custom.till.system", "op": "eq", "value": "kasse"], true),
            (["field": "custom.till.system", "op": "in", "value": ["Shop", "Kasse"]], true),
            (["field": "custom.seats", "op": "in", "value": [1, 2]], false),
            (["field": "custom.trade", "op": "in", "value": ["Möbel"]], true),
            (["field": "custom.trade", "op": "ne", "value": "möbel"], false),
            (["field": "custom.seats", "op": "known"], true),
            (["field": "custom.tier", "op": "known"], false),
            (["field": "custom.tier", "op": "unknown"], true),
            (["field": "offices", "op": "unknown"], true),
            (["field": "qualified_at", "op": "gt", "value": "2027-01-05T09:59:00.000Z"], true),
            (["field": "qualified_at", "op": "lte", "value": "2027-01-05T09:59:00.000Z"], false),
            (["field": "budget", "op": "gte", "value": ["amount": 500_000, "currency": "USD"]], true),
            (["field": "budget", "op": "eq", "value": ["currency": "USD", "amount": 500_000]], true),
            (["field": "budget", "op": "gte", "value": ["amount": 1, "currency": "EUR"]], false),
            (["field": "budget", "op": "lt", "value": ["amount": 1, "currency": "EUR"]], false),
        ]
        for (json, holds) in cases {
            #expect(try condition(json).holds(lead: lead, previousMail: nil) == holds, "\(json.serialized)")
        }
    }

    @Test func `a condition asks what became of the mail before`() throws {
        var mail = Message()
        for (word, opened) in [("opened", true), ("not_opened", false)] {
            #expect(try condition(["previous": .string(word)]).holds(lead: [:], previousMail: mail) != opened)
        }
        mail.openedAt = Instant(seconds: 1)
        for (word, opened) in [("opened", true), ("not_opened", false)] {
            #expect(try condition(["previous": .string(word)]).holds(lead: [:], previousMail: mail) == opened)
        }
        #expect(try condition(["previous": "clicked"]).holds(lead: [:], previousMail: mail) == false)
        #expect(StepCondition().faults.map(\.code) == ["required"])
    }

    @Test func `each fault of a step is told with its place`() {
        var mail = SequenceStep()
        (mail.delay, mail.weekdays) = ("soon", ["mon", "noday"])
        #expect(mail.faults.map(\.pointer) == ["/delay", "/weekdays/1", "/template_id"])
        var task = SequenceStep()
        task.channel = .task
        #expect(task.faults.map(\.pointer) == ["/title"])
    }

    @Test func `in a later version one goes on after the last step that one has had`() {
        let start = Instant("2027-01-05T10:00:00Z")!
        func move(_ position: Int, to ids: [String], task: Bool = false) -> Enrollment {
            var enrollment = Enrollment()
            (enrollment.position, enrollment.lastAt) = (position, start)
            if task { enrollment.taskID = .unset }
            return SequenceMove(enrollment, from: plan(["a", "b", "c"]), to: plan(ids), 2, .utc).moved
        }
        let next = move(2, to: ["a", "x", "b", "y", "c"])
        #expect(next.position == 3 && next.nextStep == "y" && next.sequenceVersion == 2)
        #expect(next.nextAt == start + .seconds(2 * 86_400), "its time counts from the last one")
        #expect(move(0, to: ["x", "a"]).position == 0)
        #expect(move(2, to: ["b", "a", "z"]).position == 2, "whatever their order is now")
        #expect(move(1, to: ["p", "q"]).position == 1, "none of theirs is left: the same place")
        #expect(move(3, to: ["a"]).position == 1 && move(3, to: ["a"]).nextAt == nil, "nothing is left to do")
        let open = move(1, to: ["b", "a", "c"], task: true)
        #expect(open.position == 0, "the open one is kept")
    }
}
