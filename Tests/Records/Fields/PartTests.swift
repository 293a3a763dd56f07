import JSON
import Testing

@testable import Records

/// An item of a list that lies in a record.
private struct Slip: Part {
    var label = "", count = 1
    var window: DayWindow?

    static let schema = Schema<Slip>(
        "Slip",
        [
            .text("label", \.label, max: 5, .required), .integer("count", \.count, in: 1...9, .standard(1)),
            .part("window", \.window),
        ])
    var faults: [Fault] { label == "bad" ? [Fault("/label", "unwanted", "Not that one.")] : [] }
}

private struct Shelf: Declared {
    var first: Slip?
    var slips = Parts<Slip>()

    static let schema = Schema<Shelf>(
        "Shelf", [.part("first", \.first), .parts("slips", \.slips, max: 3)])
}

@Suite struct PartTests {
    private func faults(_ body: JSONObject) -> [String: String] {
        var shelf = Shelf(), faults = Faults()
        Shelf.schema.create(&shelf, from: body, faults: &faults)
        return Dictionary(faults.list.map { ($0.pointer, $0.code) }, uniquingKeysWith: { "\($0) \($1)" })
    }

    @Test func `parts are read whole, with their standards`() throws {
        var shelf = Shelf(), faults = Faults()
        Shelf.schema.create(
            &shelf,
            from: [
                "first": ["label": "a"],
                "slips": [
                    ["label": "b", "count": 2], ["label": "c", "window": ["from": "08:00", "to": "09:00"]],
                ],
            ], faults: &faults)
        #expect(faults.isEmpty && shelf.first?.count == 1 && shelf.slips.list.map(\.label) == ["b", "c"])
        #expect(shelf.slips.list.last?.window == DayWindow(from: "08:00", to: "09:00"))
        #expect(Parts<Slip>(json: shelf.slips.json) == shelf.slips, "what is stored is what is read")
        #expect(Slip(json: "x") == nil && Parts<Slip>(json: [:]) == nil)
    }

    @Test func `each fault has its place in the whole`() {
        #expect(faults(["first": 5, "slips": [:]]) == ["/first": "wrong_type", "/slips": "wrong_type"])
        #expect(
            faults([
                "first": ["label": "far too long", "colour": 1],
                "slips": [
                    ["count": 0], "x", ["label": "b", "window": ["from": "25:00", "to": "1"]],
                ],
            ]) == [
                "/first/label": "too_long", "/first/colour": "unknown_field", "/slips/0/label": "required",
                "/slips/0/count": "out_of_range", "/slips/1": "wrong_type",
                "/slips/2/window/from": "invalid_time", "/slips/2/window/to": "invalid_time",
            ])
        #expect(faults(["slips": [["label": "bad"]]]) == ["/slips/0/label": "unwanted"])
        let four = JSON.array(Array(repeating: ["label": "a"], count: 4))
        #expect(faults(["slips": four]) == ["/slips": "too_long"])
    }
}
