import JSON
import Records
import Telemetry
import Testing

@testable import Transfer

@Suite struct TransferCellTests {
    private func read(_ text: String, _ kind: FieldKind, field: String = "x", scale: Int64 = 1) -> JSON? {
        let cell = TransferCell(
            text: text, time: WrittenTime(zone: .utc, isMonthFirst: true), country: Country("US"),
            currency: .dollar, scale: scale, words: ["closed won": "won", "gewonnen": "won"], field: field)
        if case .value(let value) = cell.value(kind) { return value }
        return nil
    }

    @Test func `choices are read in any case, with spaces, and by other names`() {
        let stages = FieldKind.choice(["needs_assessment", "won", "lost"])
        #expect(read("Needs Assessment", stages) == "needs_assessment" && read("WON", stages) == "won")
        #expect(read("Closed-Won", stages) == "won" && read("gewonnen", stages) == "won")
        #expect(read("closed", stages) == nil && read("", stages) == nil)
    }

    @Test func `shares are read as percent, too, and other numbers are not`() {
        let share = FieldKind.number(0...1), grade = FieldKind.number(0...10)
        #expect(read("0.4", share) == 0.4 && read("40 %", share) == 0.4 && read("40", share) == 0.4)
        #expect(read("0,4", share) == 0.4 && read("1", share)?.double == 1 && read("8", grade)?.double == 8)
        #expect(read("many", share) == nil)
    }

    @Test func `amounts have the row's currency, or their own, and the header's scale`() {
        #expect(read("12,500.50", .money) == ["amount": 1_250_050, "currency": "USD"])
        #expect(read("1.200 €", .money) == ["amount": 120_000, "currency": "EUR"])
        #expect(read("5", .money, scale: 1000) == ["amount": 500_000, "currency": "USD"])
        #expect(read("-5", .money) == nil && read("a lot", .money) == nil)
    }

    @Test func `an address that was typed to get past a form is none`() {
        for word in ["none", "keine", "aucun", "ninguno", "nessuno", "nenhum", "geen", "xxx"] {
            #expect(CellText.isPlaceholder(address: "\(word)@\(word).example"), "\(word)")
            #expect(!CellText.isPlaceholder(address: "\(word)@firm.example"), "\(word)")
        }
    }

    @Test func `lists, truth values, documents and numbers are what they say`() {
        #expect(read("a; b,c", .texts(max: 9, length: 9), field: "tags") == ["a", "b", "c"])
        #expect(read("a; b,c", .texts(max: 9, length: 9)) == ["a", "b,c"])
        #expect(
            read("Ja", .boolean) == true && read("0", .boolean) == false
                && read("opted out", .boolean) == true)
        #expect(read("perhaps", .boolean) == nil)
        #expect(
            read("{\"a\":[1]}", .document(schema: [:])) == ["a": [1]]
                && read("{", .document(schema: [:])) == nil)
        #expect(read("1,200", .integer(0...9999)) == 1200 && read("12x", .integer(0...99)) == nil)
        #expect(read("United States", .country) == "US" && read("Nowhere", .country) == nil)
        #expect(read("(415) 555-2671", .phone(countryField: nil)) == "+14155552671")
    }
}
