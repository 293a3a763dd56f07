import Documents
import Foundation
import Telemetry
import Testing

@Suite struct ScriptTests {
    /// Words of a language, and a font that has its letters.
    static let scripts = [
        ("en", "Quick brown fox — “naïve” café", "Inter"), ("de", "Übergröße Straße", "Inter"),
        ("vi", "Trường hợp đặc biệt", "Inter"), ("ru", "Съешь же ещё этих", "Inter"),
        ("el", "Ξεσκεπάζω την ψυχοφθόρα", "Inter"), ("ar", "نص حكيم له سر قاطع", "NotoSansArabic"),
        ("fa", "پیشنهاد گچ پژوهش", "NotoSansArabic"), ("ur", "یہ ٹھیک ہے", "NotoSansArabic"),
        ("he", "שלום עולם חדש", "NotoSansHebrew"), ("ja", "日本語 の文章 カタカナ 直角", "BIZUDPGothic"),
        ("zh-Hans", "简体 中文 营销", "WenQuanYi"), ("zh-Hant", "繁體 中文 行銷", "WenQuanYi"),
        ("ko", "한국어 마케팅 제안서", "WenQuanYi"), ("hi", "नमस्ते दुनिया प्रस्ताव", "NotoSansDevanagari"),
        ("bn", "বাংলা ভাষা", "NotoSansBengali"), ("ta", "தமிழ் மொழி", "NotoSansTamil"),
        ("th", "ภาษาไทย ข้อเสนอ", "NotoSansThai"), ("ka", "ქართული ენა", "NotoSansGeorgian"),
        ("hy", "Հայերեն լեզու", "NotoSansArmenian"), ("am", "አማርኛ ቋንቋ", "NotoSansEthiopic"),
        ("km", "ភាសាខ្មែរ", "NotoSansKhmer"), ("my", "မြန်မာ ဘာသာ", "NotoSansMyanmar"),
        ("si", "සිංහල භාෂාව", "NotoSansSinhala"), ("en", "Go 🚀 now 🎉 😀 ❤ ✓", "Symbola"),
    ]

    @Test(arguments: scripts)
    func `has letters for every word, and the words can be found again`(
        language: String, text: String, font: String
    ) throws {
        let pdf = Poppler(bytes: try Self.document(language, text).pdf())
        let fonts = try pdf.fonts()
        #expect(fonts.contains { $0.name.contains(font) }, "\(fonts.map(\.name))")
        #expect(fonts.allSatisfy { $0.isEmbedded && $0.hasText })
        let words = try pdf.words()
        let wanted = text.split(separator: " ").map { String($0).precomposedStringWithCompatibilityMapping }
        let start = words.firstIndex(of: wanted[0]) ?? 0
        #expect(Array(words[start...].prefix(wanted.count)) == wanted, "\(words)")
    }

    @Test func `a language that runs from the right has its pages mirrored`() throws {
        func leftAndRight(_ language: String) throws -> (Int, Int) {
            let page = try Poppler(bytes: Self.document(language, "1").pdf()).picture(page: 1)
            // The bar above the title is dark, and on the side where lines begin.
            let dark = page.pixels.indices.filter {
                page.pixels[$0] < 128 && $0 / page.width < page.height / 5
            }
            return (
                dark.count { $0 % page.width < page.width / 2 },
                dark.count { $0 % page.width >= page.width / 2 }
            )
        }
        let (english, arabic) = try (leftAndRight("en"), leftAndRight("ar"))
        #expect(english.0 > 0 && english.1 == 0)
        #expect(arabic.0 == 0 && arabic.1 > 0)
    }

    @Test func `the script that a tag names decides over its language`() throws {
        let (kurdish, arabicInLatin) = try (
            Self.document("ku-Arab", "1").pdf(), Self.document("ar-Latn", "1").pdf()
        )
        let (left, right) = try (Self.document("en", "1").pdf(), Self.document("ar", "1").pdf())
        func pixels(_ pdf: [UInt8]) throws -> [UInt8] { try Poppler(bytes: pdf).picture(page: 1).pixels }
        #expect(try pixels(kurdish) == pixels(right))
        #expect(try pixels(arabicInLatin) == pixels(left))
    }

    @Test func `characters that are no text are left out`() throws {
        let pdf = Poppler(bytes: try Self.document("en", "one\u{0}\u{8}\u{FFFE} two\u{E000}\tthree").pdf())
        #expect(try pdf.words().starts(with: ["N", "T", "one", "two", "three"]))
    }

    @Test func `what no font has leaves no box behind`() throws {
        let pdf = Poppler(bytes: try Self.document("en", "before \u{1FAF7}\u{10FFF0}\u{EFFFD} after").pdf())
        #expect(try pdf.words() == ["N", "T", "before", "after", "N", "Page", "1", "of", "1"])
        let (with, without) = try (
            pdf.picture(page: 1), Poppler(bytes: Self.document("en", "before  after").pdf()).picture(page: 1)
        )
        #expect(with.pixels == without.pixels)
    }

    private static func document(_ language: String, _ text: String) -> Document {
        Document(
            title: "T", language: language, brand: Brand(name: "N", color: "#000"),
            created: Instant(seconds: 0),
            blocks: [.cover(Cover()), .text(text)])
    }
}
