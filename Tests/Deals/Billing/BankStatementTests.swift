import HTTPServer
import Records
import Telemetry
import Testing

@testable import Deals

@Suite struct BankStatementTests {
    private func lines(_ text: String) throws -> [BankStatement.Line] {
        try BankStatement(Array(text.utf8)).lines
    }

    @Test(arguments: [
        "Date,Amount,Reference,Payer\r\n2027-01-05,100.00,INV-1,Acme\r\n",
        "\u{FEFF}Buchungstag;Betrag;Verwendungszweck;Auftraggeber\n2027-01-05;100.00;INV-1;Acme",
        "amount\tpayer\tpurpose\tdatum\n100.00\tAcme\tINV-1\t2027-01-05\n",
        " DATE , UMSATZ , Memo , Name \n\n 2027-01-05 , 100.00 , INV-1 , Acme \n\n",
    ])
    func `a head in any order and language leads to the same lines`(text: String) throws {
        let line = try #require(try lines(text).first)
        #expect(try lines(text).count == 1)
        #expect(
            [line.date, line.amount, line.reference, line.payer] == ["2027-01-05", "100.00", "INV-1", "Acme"])
    }

    @Test func `what stands in quotes keeps its signs, its lines and its quotes`() throws {
        let found = try lines(
            "date,amount,reference\n2027-01-05,\"1,000.00\",\"INV-1\nand \"\"INV-2\"\"\"\n2027-01-06,2,b\n")
        #expect(found.map(\.amount) == ["1,000.00", "2"])
        #expect(found[0].reference == "INV-1\nand \"INV-2\"")
        #expect(found.map(\.number) == [2, 4], "lines are counted as they stand in the file")
    }

    @Test func `short lines are empty where they end`() throws {
        let line = try #require(try lines("date,amount,reference,payer\n2027-01-05\n").first)
        #expect(line.amount.isEmpty && line.reference.isEmpty && line.payer.isEmpty)
    }

    @Test(arguments: ["", "\n\n", "date,reference\n2027-01-05,x", "only words"])
    func `without date, amount and reference it is no statement`(text: String) {
        #expect(throws: Problem.self) { try lines(text) }
    }

    @Test func `one of too many lines is refused whole`() throws {
        let head = "date,amount,reference\n", line = "2027-01-05,1,x\n"
        let most = BankStatement.linesMax
        #expect(try lines(head + String(repeating: line, count: most)).count == most)
        #expect(throws: Problem.self) { try lines(head + String(repeating: line, count: most + 1)) }
    }

    private func day(_ text: String, monthFirst: Bool = false) -> CivilDate? {
        BankStatement.Line(number: 1, date: text, amount: "", reference: "", payer: "").day(
            monthFirst: monthFirst)
    }

    @Test func `days are read as banks write them`() {
        let third = CivilDate(year: 2027, month: 3, day: 1)
        for text in ["2027-03-01", "01.03.2027", "1.3.27", "01/03/2027", "01-03-2027"] {
            #expect(day(text) == third)
        }
        #expect(day("3/1/2027", monthFirst: true) == third && day("01.03.2027", monthFirst: true) == third)
        #expect(day("29.02.2028") == CivilDate(year: 2028, month: 2, day: 29))
        for text in [
            "29.02.2027", "31.04.2027", "0.1.2027", "1.13.2027", "1.1", "1.1.2027.5", "x", "",
            "a.b.c",
        ] {
            #expect(day(text) == nil, "\(text)")
        }
    }

    @Test func `numbers of invoices are found where banks break them`() {
        func candidates(_ reference: String) -> [String] {
            BankStatement.Line(number: 1, date: "", amount: "", reference: reference, payer: "").candidates
        }
        #expect(candidates("Invoice INV-2027-0001 thanks").contains("INV-2027-0001".referenceKey))
        #expect(candidates("INV 2027 0001").contains("INV-2027-0001".referenceKey))
        #expect(candidates("inv-2027-0001").contains("INV-2027-0001".referenceKey))
        #expect(candidates("no number at all").isEmpty && candidates("").isEmpty)
        #expect(candidates(String(repeating: "9 ", count: 500)).count <= 4, "it is bounded")
    }
}
