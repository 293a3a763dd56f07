import JSON
import Platform
import Records

@testable import Discovery

/// A small generator of the same numbers on every machine.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
}

/// The leads of a CSV text.
func leads(
    _ text: String, mapping: JSON = [:], defaults: RowNormaliser.Defaults = .init(country: Country("US"))
) throws -> [ImportedLead] {
    var reader = try CSVReader(.bytes(Array(text.utf8)))
    let normaliser = RowNormaliser(HeaderMapping(reader.header, explicit: try .init(mapping)), defaults)
    var found: [ImportedLead] = []
    var row = CSVRow()
    while try reader.next(into: &row) != nil { found.append(normaliser.lead(row)) }
    return found
}
