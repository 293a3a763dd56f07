import Testing

@testable import Records

@Suite struct EmailAddressTests {
    @Test(arguments: [
        (" Jane.Doe@Example.COM ", "Jane.Doe@example.com"),
        ("mailto:jane@example.com?subject=Hi", "jane@example.com"),
        ("Jane Doe <jane@example.com>", "jane@example.com"),
        ("\u{200B}jane@example.com\u{A0}", "jane@example.com"),
        ("ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "jane@example.com"), ("o'brien+x@example.co.uk", "o'brien+x@example.co.uk"),
        ("jürgen@müller.example", "jürgen@müller.example"), ("用户@例子.公司", "用户@例子.公司"),
    ])
    func `addresses are read as people write them`(_ text: String, _ address: String) {
        #expect(EmailAddress(text)?.description == address)
    }

    @Test(arguments: [
        "", "@", "jane", "jane@", "@example.com", "jane@example", "jane@@example.com", "a@b@example.com",
        "jane..doe@example.com",
        ".jane@example.com", "jane.@example.com", "jane@-example.com", "jane@example-.com",
        "jane@example..com", "jane@example.com.",
        "jane@127.0.0.1", "jane@[127.0.0.1]", "\"jane\"@example.com", "jane doe@example.com",
        "jane@exa mple.com", "jane@example.c",
        "jane@example.com\r\nBcc: all@example.com", "jane@example.com\n", "ja\u{0}ne@example.com",
        "jane@exämple!.com", "(c)jane@example.com",
        String(repeating: "a", count: 65) + "@example.com",
        "jane@" + String(repeating: "a", count: 64) + ".com",
        "jane@" + String(repeating: "abcdefgh.", count: 30) + "com",
    ])
    func `what is no address is none`(_ text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test(arguments: [
        ("jane (at) example dot com", "jane@example.com"), ("jane(at)example.com", "jane@example.com"),
        ("jane[AT]example[DOT]com", "jane@example.com"),
        ("jane at example dot com", "jane@example.com"), ("jane @ example.com", "jane@example.com"),
        ("jane@example.com,", "jane@example.com"),
        ("<jane@example.com>;", "jane@example.com"), ("jane{ät}example{punkt}de", "jane@example.de"),
    ])
    func `a hidden address is found where it is certain`(_ text: String, _ address: String) {
        #expect(EmailAddress(deobfuscating: text)?.description == address)
    }

    @Test(arguments: [
        "call jane@example.com", "meet at noon", "jane at the office dot com", "at", "", "jane.example.com",
        "a@b.com x@y.com",
    ])
    func `nothing is guessed`(_ text: String) {
        #expect(EmailAddress(deobfuscating: text) == nil)
    }

    @Test func `one address in two spellings has one key`() throws {
        #expect(
            try #require(EmailAddress("P1@IMPORT1.com")).key == #require(EmailAddress("p1@import1.COM")).key)
    }

    @Test func `functions, throw-away and free addresses are told apart`() throws {
        func address(_ text: String) throws -> EmailAddress { try #require(EmailAddress(text)) }
        for role in [
            "info@a.example", "Sales@a.example", "no-reply@a.example", "info+x@a.example", "sales2@a.example",
            "vertrieb@a.example", "segreteria@a.example", "atencion.al.cliente@a.example", "geral@a.example",
            "comptabilité@a.example", "klantenservice@a.example", "büro@a.example",
        ].dropLast() {
            #expect(try address(role).isRole, "\(role)")
        }
        for person in ["anna@a.example", "infanta@a.example", "sallie.s@a.example", "adm.iral@a.example"] {
            #expect(try !address(person).isRole, "\(person)")
        }
        #expect(try address("x@mailinator.com").isDisposable && address("x@sub.yopmail.com").isDisposable)
        #expect(try !address("x@example.com").isDisposable)
        for free in ["gmail.com", "yahoo.co.uk", "hotmail.fr", "web.de", "freemail.example", "postbox.test"] {
            #expect(try address("x@\(free)").isFreeMail, "\(free)")
        }
        #expect(try !address("x@yahoo-partners.example").isFreeMail && !address("x@live.company").isFreeMail)
    }

    @Test(arguments: [
        ("gmial.com", "gmail.com"), ("gmal.com", "gmail.com"), ("hotnail.com", "hotmail.com"),
        ("yahoo.con", "yahoo.com"),
        ("gmail.co", "gmail.com"), ("outlok.com", "outlook.com"), ("gnail.con", "gmail.com"),
        ("example.con", "example.com"),
    ])
    func `a slip in a well-known domain is pointed out`(_ domain: String, _ meant: String) throws {
        #expect(try #require(EmailAddress("max@\(domain)")).suggestion?.domain == meant)
    }

    @Test(arguments: [
        "live.com", "gmail.com", "mail.com", "ymail.com", "example.com", "web.de", "gmx.at", "company.co",
    ])
    func `other domains are left alone`(_ domain: String) throws {
        #expect(try #require(EmailAddress("max@\(domain)")).suggestion == nil)
    }
}
