import JSON
import Records
import Transfer

@testable import Discovery

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
