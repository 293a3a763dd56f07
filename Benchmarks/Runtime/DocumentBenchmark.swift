internal import Documents
internal import JSON
internal import Markdown
internal import Telemetry

/// A proposal of three pages, set again and again: text, a list, a chart, a table of 40 rows that goes on on
/// the next page, a signature. Each time with a number of its own, as it is in life.
struct DocumentBenchmark {
    private let count = number("DOCUMENTS", 400)

    func run() throws -> JSON {
        // The first one reads the fonts.
        let first = try time { try Self.proposal(0).pdf() }
        let pages = String(decoding: first.pdf, as: UTF8.self).ranges(of: "/Type /Page %").count
        for number in 1...20 { _ = try Self.proposal(number).pdf() }
        let times = try (0..<count).map { number in try time { try Self.proposal(number).pdf() }.taken }
        return [
            "first_ms": .number(seconds(first.taken) * 1000), "p50": .number(percentile(0.5, of: times)),
            "p99": .number(percentile(0.99, of: times)), "pages": .integer(Int64(pages)),
            "bytes": .integer(Int64(first.pdf.count)),
            "memory": .number(residentMegabytes().rounded()),
        ]
    }

    private func time(_ body: () throws -> [UInt8]) rethrows -> (pdf: [UInt8], taken: Duration) {
        let began = Instant.steadyClock()
        let pdf = try body()
        return (pdf, Instant.steadyClock() - began)
    }

    private static func proposal(_ number: Int) -> Document {
        let rows = (1...40).map { index in
            Table.Row([
                "\(index). Research, writing and design", "\(index % 7 + 1)",
                "€920.00", "€\(index)20.00",
            ])
        }
        return Document(
            title: "A brand that wins trust", number: "PRO-\(number)", language: "en",
            brand: Brand(
                name: "Northwind Studio", color: "#0B6E4F",
                footer: ["Lindenstraße 12, Berlin", "VAT DE314159265"]),
            created: Instant(seconds: 1_772_366_400),
            blocks: [
                .cover(
                    Cover(
                        kind: "Proposal", subtitle: "Website and launch",
                        facts: [Fact("For", "Contoso"), Fact("Number", "\(number)")])),
                .heading(level: 1, "What we understood"),
                .markdown(
                    String(
                        repeating:
                            "Three in four enquiries come from people who **already know** you, and *nobody* follows up "
                            + "within a day. See [the audit](https://northwind.example/audit).\n\n", count: 5)
                        + "1. Engineers find you by part number.\n2. Two sites tell two stories.\n3. Nobody calls back.\n"
                ),
                .bars(
                    BarChart(title: "Enquiries", bars: [.init("Today", 31, "31"), .init("Then", 120, "120")])),
                .heading(level: 1, "Scope and price"),
                .table(
                    Table(
                        columns: [
                            .init("Service"), .init("Days", .end, width: .fit),
                            .init("Rate", .end, width: .fit), .init("Amount", .end, width: .fit),
                        ],
                        rows: rows + [.init(["Total", "", "", "€164,000.00"], .total)])),
                .note(title: "What is not in it", [.text("Media spend and licences of typefaces.")]),
                .signatures([
                    Signature(
                        title: "Signed electronically", name: "Eva Müller",
                        facts: [Fact("Time", "2026-03-01 12:00:00 UTC")],
                        hash: Fact("SHA-256", String(repeating: "5e", count: 32)))
                ]),
            ])
    }
}
