import Lexicons
import Records
import Testing

@Suite struct LocaleTagTests {
    @Test(
        arguments: [
            ("en", "en", "en", nil), ("DE", "de", "de", nil), ("pt-br", "pt-BR", "pt", "BR"),
            ("zh_hant_tw", "zh-Hant-TW", "zh", "TW"), ("es-419", "es-419", "es", "419"),
            ("fil", "fil", "fil", nil),
            ("sr-LATN", "sr-Latn", "sr", nil),
        ] as [(String, String, String, String?)])
    func `a language tag is written as it should be`(
        given: String, tag: String, language: String, region: String?
    ) throws {
        let read = try #require(LocaleTag(given))
        #expect(read.description == tag && read.language == language && read.region == region)
        #expect(LocaleTag(read.description) == read)
    }

    @Test(arguments: [
        "", "e", "engl", "en-", "-en", "en--US", "en-USA", "en-1", "12", "en-US-x", "e n", "en-Latn-US-x",
        "éé", "en-٤١٩",
        "../en",
    ])
    func `anything else is none`(text: String) { #expect(LocaleTag(text) == nil) }

    @Test func `a language is written from right to left by its script, or else by itself`() {
        for tag in ["ar", "ar-EG", "HE", "fa_IR", "ckb", "pa-Arab", "ar-EG-u-nu-latn"] {
            #expect(WritingDirection.isRightToLeft(tag), "\(tag)")
        }
        for tag in ["", "en", "de-AT", "az-Latn", "ku", "arn"] {
            #expect(!WritingDirection.isRightToLeft(tag), "\(tag)")
        }
    }
}
