import TestRandomness
import Testing

@testable import Records

@Suite struct NameTests {
    @Test(arguments: [
        ("  Anna   Müller ", "Anna Müller"), ("ANNA MÜLLER", "Anna Müller"), ("björn", "Björn"),
        ("Tanaka, Raj", "Raj Tanaka"), ("Smith, Jr.", "Smith, Jr."),
        ("John Smith, PhD", "John Smith, PhD"), ("PATRICK O'BRIEN", "Patrick O'Brien"),
        ("ronald mcdonald", "Ronald McDonald"),
        ("VINCENT VAN DER BERG", "Vincent van der Berg"), ("JEAN-LUC PICARD", "Jean-Luc Picard"),
        ("DR. ANNA MÜLLER", "Dr. Anna Müller"),
        ("HENRY FORD II", "Henry Ford II"), ("d'ANGELO", "d'ANGELO"), ("McDonald", "McDonald"),
        ("de la Cruz, Ana-María", "Ana-María de la Cruz"),
        ("MARY MACDONALD", "Mary Macdonald"), ("山田 太郎", "山田 太郎"), ("", ""), ("X", "X"),
        ("FATIMA AL-FARSI", "Fatima Al-Farsi"),
    ])
    func `names are cleaned carefully`(_ text: String, _ name: String) {
        #expect(PersonName.cleaned(text) == name)
        #expect(PersonName.cleaned(name) == name)
    }

    @Test(arguments: [
        ("Jane Example", "Jane"), ("Dr. Jane Example", "Jane"), ("Example, Jane", "Jane"),
        ("jane example", "Jane"),
        ("Prof. Dr. Anna-Lena Maier", "Anna-Lena"), ("Jane", "Jane"), ("Mr. Example", ""),
        ("Dr. Example", ""),
        ("J. Example", ""), ("J Example", ""), ("J.R. Example", ""), ("Jo Example", "Jo"), ("山田 太郎", "山田 太郎"),
        ("Jane Example, PhD", "Jane"), ("", ""), ("  ", ""), ("Mr.", ""), ("Øyvind Ås", "Øyvind"),
    ])
    func `the first name is the one to greet with, or none`(name: String, first: String) {
        #expect(PersonName.first(name) == first)
    }

    @Test(arguments: [
        ("Dr. Raj Tanaka", "Tanaka, Raj"), ("Bob Smith", "Robert Smith"), ("Zoë O'Brien", "ZOE OBRIEN"),
        ("John Q. Public", "John Public"),
        ("Jane Doe, MBA", "jane doe"), ("Søren  Kierkegaard", "soren kierkegaard"),
    ])
    func `spellings of one person share a key`(_ a: String, _ b: String) {
        #expect(PersonName.key(a) == PersonName.key(b))
    }

    @Test func `different people do not`() {
        #expect(
            PersonName.key("Jack Ma") == "jack ma"
                && PersonName.key("Anna Smith") != PersonName.key("Hanna Smith"))
    }

    @Test(arguments: [
        ("Müller & Söhne GmbH", "MULLER AND SOHNE G.m.b.H."), ("The Acme Corp.", "Acme Corporation"),
        ("Foo UG (haftungsbeschränkt)", "foo"),
        ("Foo, Inc.", "Foo"), ("Foo GmbH & Co. KG", "foo"), ("Bar S.L.", "Bar SL"), ("Baz Pty Ltd", "baz"),
        ("Qux Sp. z o.o.", "Qux"), ("A + B", "A & B"),
    ])
    func `spellings of one firm share a key`(_ a: String, _ b: String) {
        #expect(CompanyName.key(a) == CompanyName.key(b))
    }

    @Test func `a firm called like a legal form keeps its name`() {
        #expect(
            CompanyName.key("Limited") == "limited" && CompanyName.key("The Co.") == "co"
                && CompanyName.key("") == "")
        #expect(CompanyName.key("Acme Foods") != CompanyName.key("Acme Roofs"))
    }
}

@Suite struct RepairTests {
    @Test(arguments: [
        ("MÃ¼ller", "Müller"), ("CafÃ©  Dental", "Café  Dental"), ("Z\u{C3}\u{9C}RICH", "ZÜRICH"),
        ("ZÃœRICH", "ZÜRICH"), ("donâ€™t", "don’t"), ("ÃƒÂ¼ber", "über"),
        ("ðŸš€ hot", "🚀 hot"), ("DvoÅ™Ã¡k", "Dvořák"), ("Â£5", "£5"), ("æ\u{9D}±äº¬", "東京"),
    ])
    func `text that was read wrongly is repaired`(_ damaged: String, _ text: String) {
        #expect(Mojibake.repair(damaged) == text)
        #expect(Mojibake.repair(text) == text)
    }

    @Test(arguments: [
        "Müller", "CAFÉ®", "SÃO PAULO", "NOVÄ®", "plain", "São", "Ä™", "“Ã”", "MÃ¼ller & Müller", "Ã", "Ñ°",
        "東京", "naïve Ã", "",
    ])
    func `text that may be meant stays`(_ text: String) {
        #expect(Mojibake.repair(text) == text)
    }

    @Test(arguments: [
        ("Smith &amp; Sons", "Smith & Sons"), ("M&uuml;ller", "Müller"), ("O&#39;Brien", "O'Brien"),
        ("&#x1F680;", "🚀"), ("a&nbsp;b", "a\u{A0}b"), ("&ccedil;a", "ça"),
        ("&amp;amp;", "&amp;"), ("&lt;b&gt;", "&lt;b&gt;"), ("&#60;", "&#60;"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("AT&T", "AT&T"),
        ("a & b; c", "a & b; c"),
        ("&#0;", "&#0;"), ("&#xD800;", "&#xD800;"), ("&bogus;", "&bogus;"), ("&", "&"), ("&;", "&;"),
        ("&#;", "&#;"), ("&Yuml;", "Ÿ"), ("&Zuml;", "&Zuml;"),
    ])
    func `character references are decoded, markup is not made`(_ text: String, _ decoded: String) {
        #expect(HTMLText.decodingReferences(text) == decoded)
    }

    @Test func `lines lose what nobody sees`() {
        #expect(TextCleaning.line("\u{FEFF} a \u{A0} b\u{200B}\u{0}c\r\nd\te ") == "a bc\nd\te")
        #expect(TextCleaning.block(" a\r\n\r\nb  c\u{7} ") == "a\n\nb  c")
        #expect(
            TextCleaning.trimmed("\u{3000}x\u{2028}") == "x" && TextCleaning.trimmed(" \t\n") == ""
                && TextCleaning.trimmed("") == "")
        #expect(TextCleaning.line("👩‍👩‍👧 e\u{301}") == "👩‍👩‍👧 e\u{301}")
        #expect(TextCleaning.oneLine(" a\r\nb\tc\u{2028}d\u{202E}e\n") == "a b c de")
        #expect(TextRule.lineFault(in: TextCleaning.oneLine("a\u{2029}\u{2066}b")) == nil)
    }

    @Test func `no input breaks a value`() {
        var random = SeededGenerator(42)
        let pieces = [
            "@", ".", "-", "+", "(", ")", "<", ">", ";", ":", "/", "a", "B", "é", "Ã", "¼", "1", "0", " ",
            "\u{0}", "\u{301}", "🚀", "at", "dot", "ltd", "€", "k", "%",
            "www", "com", "http://", "&", "#", "amp", "&#x", "'", ",", "|", "\n", "\u{200D}", "\u{FFFD}", "ß",
            "İ", "x", "ext",
        ]
        for _ in 0..<4000 {
            let text = (0..<Int(random.next() % 14)).map { _ in
                pieces[Int(random.next() % UInt64(pieces.count))]
            }.joined()
            if let address = EmailAddress(deobfuscating: text) {
                #expect(EmailAddress(address.description) == address)
            }
            if let link = WebAddress(text) { #expect(WebAddress(link.text) == link, "\(text) \(link)") }
            if let number = PhoneNumber(text, country: Country("DE")) {
                #expect(PhoneNumber(number.e164)?.e164 == number.e164)
            }
            if let reading = AmountText.parse(text, assuming: .euro) {
                #expect(
                    AmountText.parse(AmountText.format(reading.amount, reading.currency), assuming: .dollar)
                        == reading)
            }
            let folded = TextFolding.fold(text)
            #expect(TextFolding.fold(folded) == folded)
            _ = (Country(named: text), PersonName.cleaned(text), PersonName.key(text), CompanyName.key(text))
            _ = (Mojibake.repair(text), HTMLText.decodingReferences(text), TextFolding.searchTokens(text))
        }
    }
}
