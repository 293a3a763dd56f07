import Documents
import Foundation
import Markdown
import Telemetry

/// Documents as an agency makes them: three pages or so, with tables that go on on the next page.
enum Samples {
    /// A disc and two lines, 72 × 24 pixels.
    static let logo = Array(
        Data(
            base64Encoded: """
                iVBORw0KGgoAAAANSUhEUgAAAEgAAAAYCAYAAABZY7uwAAAAZUlEQVR42u3ZMQ7AIAgAQPc+zp/0/5t9giRUBjkSVmPOSATH\
                ELl43rl2CSaYcCDlcCJIf6xfkcc3fx1Q1SkAuhGo/C53LMyAAAECBAgQoPZAXtJajaZAuvlg7VSYTRTNpP1qFMYHhUNeL7jd\
                sh8AAAAASUVORK5CYII=
                """)!)

    static let brand = Brand(
        name: "Northwind Studio", color: "#0B6E4F", accent: "#E4572E",
        footer: [
            "Lindenstraße 12, 10969 Berlin", "HRB 198765 B · VAT DE314159265",
            "IBAN DE89 3704 0044 0532 0130 00",
        ])

    static var proposal: Document {
        var document = Document(
            title: "A brand that opens doors", number: "PRO-2026-0017", language: "en", brand: brand,
            created: Instant(seconds: 1_772_366_400),
            blocks: [
                .cover(
                    Cover(
                        kind: "Proposal",
                        subtitle: "Positioning, website and launch campaign for Contoso Instruments",
                        facts: [
                            Fact("Prepared for", "Contoso Instruments Ltd\nEva Müller, Head of Marketing"),
                            Fact("Number", "PRO-2026-0017"), Fact("Date", "1 March 2026"),
                            Fact("Valid until", "31 March 2026"),
                        ])),
                .heading(level: 1, "What we understood"),
                .markdown(
                    """
                    Contoso builds measuring instruments that **outlast their warranty by a decade**, and sells them through a \
                    website that looks as if it had. Three in four enquiries come from people who already know you. We want to \
                    change that: see [the audit](https://northwind.example/audit) we sent in February.

                    1. Engineers find you by part number, not by problem.
                    2. The German and the English site tell different stories.
                    3. Nobody follows up on an enquiry *within a day*.

                    > “We are the best-kept secret in the industry.”
                    > — your sales team, in the workshop
                    """),
                .heading(level: 2, "What you will have in September"),
                .list(
                    Markdown.List(items: [
                        [
                            .paragraph([
                                .strong([.text("A position")]),
                                .text(" that fits on one page, and that your engineers sign."),
                            ])
                        ],
                        [
                            .paragraph([
                                .text(
                                    "A website in two languages, with 40 application notes as its backbone.")
                            ])
                        ],
                        [
                            .paragraph([
                                .text(
                                    "A launch campaign that brings 120 qualified enquiries in its first quarter."
                                )
                            ])
                        ],
                    ])),
                .bars(
                    BarChart(
                        title: "Qualified enquiries a quarter",
                        bars: [
                            .init("Today", 31, "31"), .init("After the launch", 120, "120"),
                            .init("Year two, as planned", 165, "165"),
                        ])),
                .heading(level: 1, "Scope and price"),
                .table(
                    Table(
                        columns: [
                            .init("Service", width: .share(1)), .init("Days", .end, width: .fit),
                            .init("Rate", .end, width: .fit), .init("Amount", .end, width: .fit),
                        ], rows: services)),
                .note(
                    title: "What is not in it",
                    [
                        .text(
                            "Media spend, licences of typefaces and translations into further languages. We tell you before they arise."
                        )
                    ]),
                .heading(level: 1, "How we work"),
                .facts([
                    Fact(
                        "Your team", "Mara Lindqvist (strategy), Jo Okafor (design), Ana Sousa (engineering)"),
                    Fact("Rhythm", "A call each Tuesday, a demonstration every second Thursday"),
                    Fact("Terms", "40 % at the start, 40 % at the launch, 20 % a month later; 14 days net"),
                ]),
                .callToAction(
                    CallToAction(
                        title: "Shall we begin on 7 April?",
                        text: "Accept online; the contract follows within a day.",
                        button: ("Accept the proposal", "https://northwind.example/p/17?accept=1&by='eva'"))),
                .signatureLines(["Eva Müller, Contoso Instruments Ltd", "Mara Lindqvist, Northwind Studio"]),
            ])
        document.metadata = ["document": "prop_01hx", "sha256": String(repeating: "5e", count: 32)]
        return document
    }

    private static let services: [Table.Row] = {
        let work = [
            (
                "Discovery",
                [
                    ("Workshop with sales and engineering", 2), ("Interviews with eight customers", 4),
                    ("Review of 36 competitors", 3),
                ]
            ),
            (
                "Position",
                [
                    ("Value proposition and proof points", 5),
                    ("Voice, names and messages in German and English", 4),
                    ("One-page manifesto, signed by the board", 1),
                ]
            ),
            (
                "Design",
                [
                    ("Visual identity: marks, type, colour, motion", 12),
                    ("Design system with 60 components", 14), ("Illustrations for 12 application fields", 8),
                    ("Photography, two days on site in Jena", 4),
                ]
            ),
            (
                "Website",
                [
                    ("Information architecture and search by problem", 6),
                    (
                        "Editorial work on 40 application notes, each with a drawing, a table of limits and a short case from a customer’s line",
                        20
                    ), ("Engineering of the site and the product finder", 28),
                    ("Migration of 1,900 pages with redirects", 6),
                    ("Accessibility to WCAG 2.2 AA, with an audit", 4),
                ]
            ),
            (
                "Launch",
                [
                    ("Campaign idea and key visuals", 6), ("Landing pages for four industries", 5),
                    ("E-mail sequence of five, in two languages", 3),
                    ("Training for sales: from enquiry to call in a day", 2),
                ]
            ),
        ]
        var rows: [Table.Row] = []
        var total = 0
        for (section, items) in work {
            rows.append(Table.Row([section], .section))
            for (name, days) in items {
                rows.append(Table.Row([name, "\(days).0", "€920.00", money(days * 920)]))
                total += days * 920
            }
        }
        rows.append(Table.Row(["Net", "", "", money(total)], .subtotal))
        rows.append(Table.Row(["VAT 19 %", "", "", money(total * 19 / 100)], .subtotal))
        rows.append(Table.Row(["Total", "", "", money(total * 119 / 100)], .total))
        return rows
    }()

    private static func money(_ euros: Int) -> String {
        euros < 1000 ? "€\(euros).00" : "€\(euros / 1000),\(String(1000 + euros % 1000).dropFirst()).00"
    }

    static var arabicInvoice: Document {
        var rows: [Table.Row] = []
        for index in 1...38 {
            rows.append(
                Table.Row([
                    "\(index)",
                    index % 3 == 0
                        ? "إدارة حملات Google Ads لشهر مارس" : "تصميم الهوية البصرية وكتابة المحتوى",
                    "\(index % 4 + 1)", "٤٥٠٫٠٠ د.إ", "١٬٨٠٠٫٠٠ د.إ",
                ]))
        }
        rows.append(Table.Row(["", "المجموع الفرعي", "", "", "٦٨٬٤٠٠٫٠٠ د.إ"], .subtotal))
        rows.append(Table.Row(["", "الإجمالي المستحق", "", "", "٧١٬٨٢٠٫٠٠ د.إ"], .total))
        var document = Document(
            title: "فاتورة ضريبية", number: "INV-2026-0042", language: "ar",
            brand: Brand(
                name: "وكالة الشمال", color: "#7A1FA2",
                footer: ["شارع الشيخ زايد، دبي", "الرقم الضريبي 100123456700003"]),
            created: Instant(seconds: 1_772_366_400),
            blocks: [
                .cover(
                    Cover(
                        kind: "فاتورة", subtitle: "خدمات التسويق للربع الأول",
                        facts: [
                            Fact("إلى", "شركة المستقبل للتجارة\nأبوظبي"),
                            Fact("رقم الفاتورة", "INV-2026-0042"),
                            Fact("تاريخ الاستحقاق", "١٥ مارس ٢٠٢٦"),
                        ])),
                .text(
                    "شكرًا لثقتكم بنا. تجدون أدناه تفاصيل الخدمات المقدمة خلال الربع الأول من عام ٢٠٢٦، بما في ذلك حملات Google Ads و LinkedIn."
                ),
                .table(
                    Table(
                        columns: [
                            .init("#", width: .fit), .init("الخدمة"), .init("الكمية", .end, width: .fit),
                            .init("السعر", .end, width: .fit), .init("المبلغ", .end, width: .fit),
                        ], rows: rows)),
                .note(title: "طريقة الدفع", [.text("يرجى التحويل خلال ١٤ يومًا مع ذكر رقم الفاتورة.")]),
                .markdown(
                    "- البند الأول\n- البند **الثاني** مع [رابط](https://example.com)\n\n1. أولًا\n2. ثانيًا"),
                .callToAction(
                    CallToAction(
                        title: "ادفع الآن", text: "دفع آمن عبر الإنترنت",
                        button: ("ادفع", "https://example.com/pay"))),
                .signatures([
                    Signature(
                        title: "موقّع إلكترونيًا", name: "ليلى حداد",
                        facts: [Fact("الوقت", "2026-03-01 12:00:00 UTC"), Fact("العنوان", "203.0.113.9")],
                        hash: Fact("SHA-256", String(repeating: "a1b2c3d4", count: 8)))
                ]),
            ])
        document.pageFormat = "صفحة {page} من {pages}"
        return document
    }

    static var japaneseProposal: Document {
        var rows: [Table.Row] = []
        for index in 1...36 {
            rows.append(
                Table.Row([
                    "第\(index)項",
                    index % 4 == 0 ? "SNS運用およびコンテンツ制作(月次レポートと改善提案を含む)。担当者との定例会議も行います。" : "ブランド戦略の策定と市場調査",
                    "¥\(index * 12),000",
                ]))
        }
        rows.append(Table.Row(["", "小計", "¥7,992,000"], .subtotal))
        rows.append(Table.Row(["", "合計(税込)", "¥8,791,200"], .total))
        var document = Document(
            title: "ブランド刷新のご提案", number: "提案-2026-007", language: "ja",
            brand: Brand(
                name: "北風スタジオ株式会社", color: "#1D4ED8", footer: ["東京都渋谷区神宮前1-2-3", "登録番号 T1234567890123"]),
            created: Instant(seconds: 1_772_366_400),
            blocks: [
                .cover(
                    Cover(
                        kind: "ご提案書", subtitle: "直営店の再出発に向けて",
                        facts: [
                            Fact("宛先", "株式会社みらい商事\n田中 花子 様"), Fact("番号", "提案-2026-007"),
                            Fact("日付", "2026年3月1日"),
                        ])),
                .heading(level: 1, "背景と目的"),
                .text(
                    "貴社の製品は十年以上にわたりお客様に愛されてきました。一方で、新しいお客様との接点は限られています。本提案では、直営店とオンラインストアを一つの体験として再設計し、骨・直・角・海のような文字も正しく表示します。"
                ),
                .heading(level: 2, "見積もり"),
                .table(
                    Table(
                        columns: [.init("項目", width: .fit), .init("内容"), .init("金額", .end, width: .fit)],
                        rows: rows)),
                .note(title: "お支払い条件", [.text("着手時四十パーセント、公開時六十パーセント。")]),
                .signatureLines(["株式会社みらい商事", "北風スタジオ株式会社"]),
            ])
        document.pageFormat = "{page} / {pages} ページ"
        return document
    }
}
